/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_PARTNER_API_H
#define PARTNER_PARTNER_API_H

#include "api/list.h"

/* Partners and enrolments in the JSON API; see docs/API.md. */

bool api_partner_create(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_list(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_get(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_update(struct ctx *c, const struct req *q, struct res *r);

bool api_partner_approve(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_decline(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_suspend(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_ban(struct ctx *c, const struct req *q, struct res *r);
bool api_partner_reinstate(struct ctx *c, const struct req *q, struct res *r);

bool api_override_set(struct ctx *c, const struct req *q, struct res *r);
bool api_override_clear(struct ctx *c, const struct req *q, struct res *r); /* ?campaign= */
bool api_group_set(struct ctx *c, const struct req *q, struct res *r);
bool api_enrolment_list(struct ctx *c, const struct req *q, struct res *r);

extern const struct list_spec partner_list_spec;
extern const struct list_spec enrolment_list_spec;

#endif
