/* SPDX-License-Identifier: Apache-2.0 */
#include "org/workspace.h"
#include "access/access.h"
#include "audit/audit.h"
#include "org/org.h"

static const struct field fields[] = {
	FIELD(struct workspace, id, .flags = OUT, .as = AS_ID, .id = ID_WORKSPACE),
	FIELD(struct workspace, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 120),
	FIELD(struct workspace, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model workspace_model = CONTROL_MODEL("workspace", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM workspace ORDER BY name, id",
	.model = &workspace_model, .control = true, .global = true,
};

static const struct sql SQL_LIST_USER = {
	.text = "SELECT @columns FROM workspace"
	        " WHERE id IN (SELECT workspace_id FROM workspace_member WHERE user_id = $1)"
	        " ORDER BY name, id",
	.model = &workspace_model, .control = true, .global = true,
};

static const struct sql SQL_PUT_MEMBER = {
	.text = "INSERT INTO workspace_member (workspace_id, user_id, role, created_at)"
	        " VALUES ($1, $2, $3, $4)"
	        " ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role",
	.control = true, .global = true,
};

static const struct sql SQL_REMOVE_MEMBER = {
	.text = "DELETE FROM workspace_member WHERE workspace_id = $1 AND user_id = $2",
	.control = true, .global = true,
};

static const struct sql SQL_ORGS = {
	.text = "SELECT @columns FROM org WHERE workspace_id = $1 ORDER BY name, id",
	.model = &org_model, .control = true, .global = true,
};

static const struct sql SQL_ROLE = {
	.text = "SELECT role FROM workspace_member WHERE workspace_id = $1 AND user_id = $2",
	.control = true, .global = true,
};

const struct sql *const workspace_sql[] = { &SQL_LIST, &SQL_LIST_USER, &SQL_PUT_MEMBER,
	                                    &SQL_REMOVE_MEMBER, &SQL_ORGS, &SQL_ROLE, NULL };

bool workspace_create(struct ctx *c, struct workspace *w)
{
	w->name = str_trim(w->name);
	if (w->name.n == 0 || !str_is_text(w->name) || str_length(w->name) > 120)
		return fail(c, ERR_INVALID, "name", "The name must have 1 to 120 characters");
	w->id = id_new();
	w->created_at = c->now_ms;
	return db_insert(c, &workspace_model, w)
	    && audit_control(c, "workspace.create", id_str(c->arena, ID_WORKSPACE, w->id), STR(""));
}

bool workspace_get(struct ctx *c, int64_t id, struct workspace *out)
{
	return db_get_id(c, &workspace_model, id, out);
}

bool workspace_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct workspace), out);
}

bool workspace_list_user(struct ctx *c, int64_t user_id, struct list *out)
{
	return db_list(c, &SQL_LIST_USER, ARGS(val_int(user_id)), sizeof(struct workspace), out);
}

bool workspace_adopt(struct ctx *c, int64_t workspace_id, int64_t org_id)
{
	struct workspace w;
	struct org o;

	if ((workspace_id != 0 && !workspace_get(c, workspace_id, &w))
	    || !db_get_id(c, &org_model, org_id, &o))
		return false;
	o.workspace_id = workspace_id;
	return org_update(c, &o)
	    && audit_control_org(c, org_id, "org.adopt", id_str(c->arena, ID_ORG, org_id), STR(""));
}

bool workspace_put_member(struct ctx *c, int64_t workspace_id, int64_t user_id, enum role role)
{
	struct workspace w;
	struct str target = id_str(c->arena, ID_USER, user_id);

	if (role == ROLE_PARTNER)
		return fail(c, ERR_INVALID, "role", "A partner belongs to an organisation");
	if (!workspace_get(c, workspace_id, &w))
		return false;
	access_changed(c, CACHE_MEMBER);
	if (role == ROLE_NONE)
		return db_exec(c, &SQL_REMOVE_MEMBER, ARGS(val_int(workspace_id), val_int(user_id)))
		    && audit_control(c, "workspace.remove_member", target, STR(""));
	return db_exec(c, &SQL_PUT_MEMBER,
	               ARGS(val_int(workspace_id), val_int(user_id), val_int(role),
	                                        val_int(c->now_ms)))
	    && audit_control(c, "workspace.put_member", target,
	                     arena_printf(c->arena, "{\"role\":\"%s\"}", role_names[role]));
}

bool workspace_orgs(struct ctx *c, int64_t workspace_id, struct list *out)
{
	return db_list(c, &SQL_ORGS, ARGS(val_int(workspace_id)), sizeof(struct org), out);
}

bool workspace_role(struct ctx *c, int64_t workspace_id, int64_t user_id, int64_t *out)
{
	return db_int(c, &SQL_ROLE, ARGS(val_int(workspace_id), val_int(user_id)), out);
}
