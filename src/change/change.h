/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CHANGE_CHANGE_H
#define CHANGE_CHANGE_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Changes: every write that is not an event leaves an entry in the audit log and
 * moves the organisation's version on, in the same transaction, so that what is
 * kept in memory about the organisation is known to be outdated.
 */

/* `action` is "noun.verb"; `target` names what was changed; `change` is a JSON object or "". */
bool change_post(struct ctx *c, const char *action, struct str target, struct str change);

/*
 * The same for a row of a model whose first field is its id: the audit entry shows the fields that
 * differ. before is NULL for a new row.
 */
bool change_row(struct ctx *c, const char *action, const struct model *m, const void *before,
                const void *after);

/* The version of the organisation's data; 0 before the first change. */
bool change_version(struct ctx *c, int64_t *out);

extern const struct sql *const change_sql[];

#endif
