/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_CONTACT_H
#define EVENT_CONTACT_H

#include "base/ctx.h"
#include "rules/attribute.h"

/*
 * Contacts: what an event's stored attribution says attribution has chosen from, as it saw it.
 *
 * Only the contacts of the campaign that decided are listed. What ruled a contact out by itself is
 * a fault; what it lost by in the contest is not.
 */

/*
 * All of an attribution (event.attribution), oldest first, in c->arena, at most CANDIDATES_MAX.
 * ERR_MALFORMED if it cannot be read.
 */
bool contact_list(struct ctx *c, struct str attribution, struct candidate **out, size_t *out_count);

#endif
