/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_API_H
#define PARTNER_PARTNER_API_H

#include "api/list.h"

/* Partners and enrolments in the JSON API; see docs/API.md. */

bool partner_api_create(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_list(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_get(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_update(struct ctx *c, const struct req *q, struct res *r);

bool partner_api_approve(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_decline(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_suspend(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_ban(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_reinstate(struct ctx *c, const struct req *q, struct res *r);

bool partner_api_override_set(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_override_clear(struct ctx *c, const struct req *q, struct res *r); /* ?campaign= */
bool partner_api_group_set(struct ctx *c, const struct req *q, struct res *r);
bool partner_api_enrolment_list(struct ctx *c, const struct req *q, struct res *r);

/* One as GET answers it. */
bool partner_api_print(struct ctx *c, int64_t id, struct buf *b);

extern const struct list_spec partner_list_spec;
extern const struct list_spec enrolment_list_spec;

#endif
