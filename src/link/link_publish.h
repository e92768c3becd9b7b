/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LINK_LINK_PUBLISH_H
#define LINK_LINK_PUBLISH_H

#include "base/ctx.h"
#include "click/link_table.h"

/*
 * Links on their way into the link table.
 *
 * A slug is held while its transaction is under way, so that no other organisation
 * takes it on the shared host. What was held or changed gets into the table when
 * the transaction has been committed; if it never is, holds end with the request.
 * A transaction that is repeated finds its own holds again.
 */

/* Hold the slug for a new link. *e keeps the id of an earlier attempt of the same request. */
bool link_hold(struct ctx *c, struct link_entry *e);

/* After the commit, add the entry, or take it out. */
void link_publish(struct ctx *c, const struct link_entry *e);
void link_unpublish(struct ctx *c, const struct link_entry *e);

#endif
