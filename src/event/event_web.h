/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_EVENT_WEB_H
#define EVENT_EVENT_WEB_H

#include "net/http.h"

/* The pages of events: list, and one with why who earned, or why nobody did. */

bool event_web_list(struct ctx *c, const struct req *q, struct res *r);
bool event_web_csv(struct ctx *c, const struct req *q, struct res *r);
bool event_web_show(struct ctx *c, const struct req *q, struct res *r);

#endif
