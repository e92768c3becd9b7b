/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_CAMPAIGN_API_H
#define CAMPAIGN_CAMPAIGN_API_H

#include "api/list.h"

/* Campaigns and their terms in the JSON API; see docs/API.md. */

bool campaign_api_create(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_list(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_get(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_update(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_terms_publish(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_terms_list(struct ctx *c, const struct req *q, struct res *r);
bool campaign_api_terms_get(struct ctx *c, const struct req *q, struct res *r); /* by number */

extern const struct list_spec campaign_list_spec;
extern const struct list_spec terms_list_spec;

#endif
