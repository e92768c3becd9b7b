/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATEMENT_WEB_H
#define RESTATE_RESTATEMENT_WEB_H

#include "net/http.h"

/* The pages of restatements: the form at a campaign, with the runs there are, and one run. */

bool restatement_web_new(struct ctx *c, const struct req *q, struct res *r);
bool restatement_web_create(struct ctx *c, const struct req *q, struct res *r);
bool restatement_web_show(struct ctx *c, const struct req *q, struct res *r);
bool restatement_web_approve(struct ctx *c, const struct req *q, struct res *r);
bool restatement_web_cancel(struct ctx *c, const struct req *q, struct res *r);

#endif
