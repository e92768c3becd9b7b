/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ORG_WORKSPACE_H
#define ORG_WORKSPACE_H

#include "base/ctx.h"
#include "base/field.h"
#include "db/db.h"

/*
 * Workspaces: an agency's umbrella over organisations. Whoever belongs to a
 * workspace has the same role in each organisation under it; an organisation is
 * under one workspace at most and keeps its own data and members.
 */

struct workspace {
	int64_t id;
	struct str name;
	int64_t created_at;
};

extern const struct model workspace_model;
extern const struct sql *const workspace_sql[];

/* Sets id and created_at. ERR_INVALID on "name". */
bool workspace_create(struct ctx *c, struct workspace *w);

/* ERR_NOT_FOUND. */
bool workspace_get(struct ctx *c, int64_t id, struct workspace *out);

bool workspace_list(struct ctx *c, struct list *out);
bool workspace_list_user(struct ctx *c, int64_t user_id, struct list *out);

/* Put an organisation under a workspace (0: under none). ERR_NOT_FOUND for either. */
bool workspace_adopt(struct ctx *c, int64_t workspace_id, int64_t org_id);

/* Give a user a role in all of its organisations, or change it; ROLE_NONE takes it away. */
bool workspace_put_member(struct ctx *c, int64_t workspace_id, int64_t user_id, enum role role);

/* The organisations under a workspace, by name: rows of struct org. */
bool workspace_orgs(struct ctx *c, int64_t workspace_id, struct list *out);

/* What a user is in a workspace; *out is ROLE_NONE if nothing. */
bool workspace_role(struct ctx *c, int64_t workspace_id, int64_t user_id, int64_t *out);

#endif
