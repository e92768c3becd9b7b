/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PORTAL_PORTAL_EVENT_WEB_H
#define PORTAL_PORTAL_EVENT_WEB_H

#include "api/list.h"
#include "net/http.h"

/*
 * What has happened by the partner's links, codes and customers: each sale, lead, refund and so on
 * with what it earned, or which rule kept it from earning.
 */

/* Of one partner, who is concerned by them (event/concern.h). */
extern const struct list_spec portal_event_spec;

/* GET /portal/:org/events: of which the partner has all or a share. */
bool portal_event_list(struct ctx *c, const struct req *q, struct res *r);

/*
 * GET /portal/:org/events/:id: also those that the partner shares, and recruits' that could have
 * paid it. Nothing of what others earn or do not.
 */
bool portal_event_show(struct ctx *c, const struct req *q, struct res *r);

#endif
