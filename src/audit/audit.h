/* SPDX-License-Identifier: Apache-2.0 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * The audit log: who changed what, when, and how it was before and after.
 *
 * A row is written in the transaction of the change itself, so there is no change
 * without its row and no row without its change. Organisations have theirs in their
 * own data; what happens in the control data (members, keys, users) is logged there.
 * audit_list shows both as one. Rows are never changed.
 *
 * Actions are "noun.verb"; the target is the text of an id; the change is a JSON
 * object (see model_change) or "". No secrets and no personal data in clear.
 */

struct audit {
	int64_t id;
	int64_t at;
	int64_t actor_kind; /* enum actor_kind */
	int64_t actor_id;   /* user or key */
	struct str actor_name;
	struct str action;
	struct str target;
	struct str change;
	struct str request_id;
};

extern const char *const actor_kind_names[];
extern const struct model audit_model;
extern const struct sql *const audit_sql[];

/* Log a change of the organisation's data (c->db). */
bool audit_post(struct ctx *c, const char *action, struct str target, struct str change);

/* Log a change of the control data, for c->org_id (0: of nobody's) or for another organisation. */
bool audit_control(struct ctx *c, const char *action, struct str target, struct str change);
bool audit_control_org(struct ctx *c, int64_t org_id, const char *action, struct str target,
                       struct str change);

/*
 * Up to `limit` rows of both logs, the latest first. before 0: from the latest on; action "": all;
 * target "": all; request_id 0: of all requests. A request is looked for in the hour after its id
 * was made.
 */
struct audit_filter {
	int64_t before; /* only rows with a smaller id */
	struct str action;
	struct str target;
	int64_t request_id;
	int64_t limit;
};
bool audit_list(struct ctx *c, const struct audit_filter *f, struct list *out);

#endif
