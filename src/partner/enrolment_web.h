/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_ENROLMENT_WEB_H
#define PARTNER_ENROLMENT_WEB_H

#include "partner/enrolment.h"
#include "web/page.h"

/*
 * One partner in one campaign, on the partner's page: its group and its own reward, each with
 * the form that changes it.
 *
 * People type a reward as a percentage or an amount, and days instead of moments: "from" is the
 * beginning of that day in the organisation's time zone, "until" the last day it counts.
 */

/* group_form, reward_form, refused (one of them was) and override into the enrolment's view. */
bool enrolment_web_put(struct page *p, const struct enrolment *e, json_t *view);

/* POST /app/:org/partners/:id/… with `campaign`. */
bool enrolment_web_group(struct ctx *c, const struct req *q, struct res *r);
bool enrolment_web_override(struct ctx *c, const struct req *q, struct res *r);
bool enrolment_web_override_clear(struct ctx *c, const struct req *q, struct res *r);

#endif
