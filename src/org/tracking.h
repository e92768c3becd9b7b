/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_TRACKING_H
#define ORG_TRACKING_H

#include "org/org.h"

/*
 * The tracking host of an organisation: a name of its own that its links are under, such as
 * go.acme.com, pointed at this server by whoever owns it. "" is the host that all share.
 *
 * Links carry their host from the day they are made, so it is chosen before the first link: after
 * that, addresses that people have would lead nowhere.
 */

/* NULL, or what is wrong with a host; "" is fine. */
const char *tracking_check_host(struct str host);

/*
 * May the organisation change to this host? Makes it lower-case. `asked` is the host that the
 * request came to. On "tracking_host": ERR_CONFLICT when another organisation or the server itself
 * has it, ERR_STATE when there are links already. Needs a CONTROL_WRITE task.
 */
bool tracking_move(struct ctx *c, struct str asked, const struct org *before, struct org *after);

extern const struct sql *const tracking_sql[];

#endif
