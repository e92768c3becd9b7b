/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_CAMPAIGN_WEB_H
#define CAMPAIGN_CAMPAIGN_WEB_H

#include "net/http.h"

/* The pages of campaigns: list, one with its terms as sentences, and the forms there. */

bool campaign_web_list(struct ctx *c, const struct req *q, struct res *r);
bool campaign_web_new(struct ctx *c, const struct req *q, struct res *r);
bool campaign_web_create(struct ctx *c, const struct req *q, struct res *r);
bool campaign_web_show(struct ctx *c, const struct req *q, struct res *r); /* ?version=2 */
bool campaign_web_edit(struct ctx *c, const struct req *q, struct res *r);
bool campaign_web_save(struct ctx *c, const struct req *q, struct res *r);

#endif
