/* SPDX-License-Identifier: Apache-2.0 */
#include "user/member.h"
#include "access/access.h"
#include "audit/audit.h"
#include "base/check.h"
#include "data/want.h"
#include "user/invitation.h"

const char *const role_names[] = {
	[ROLE_NONE] = "none",       [ROLE_PARTNER] = "partner", [ROLE_VIEWER] = "viewer",
	[ROLE_MANAGER] = "manager", [ROLE_ADMIN] = "admin",     [ROLE_OWNER] = "owner",
	[ROLE_OWNER + 1] = NULL,
};

static const struct field fields[] = {
	FIELD(struct member, org_id, .json = "organisation", .flags = OUT, .as = AS_ID,
	      .id = ID_ORG),
	FIELD(struct member, user_id, .json = "user", .flags = OUT, .as = AS_ID, .id = ID_USER),
	FIELD(struct member, partner_id, .json = "partner", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct member, role, .flags = OUT, .as = AS_ENUM, .names = role_names),
	FIELD(struct member, without_money, .flags = OUT),
	FIELD(struct member, without_personal_data, .flags = OUT),
	FIELD(struct member, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct member, email, .flags = OUT),
	FIELD(struct member, name, .flags = OUT),
	FIELD(struct member, by_workspace, .flags = OUT),
	FIELD(struct member, can_sign_in, .flags = OUT),
};

const struct model member_model = CONTROL_MODEL("member", fields);

static const struct field standing_fields[] = {
	FIELD(struct standing_in, role, .flags = OUT),
	FIELD(struct standing_in, without_money, .flags = OUT),
	FIELD(struct standing_in, without_personal_data, .flags = OUT),
	FIELD(struct standing_in, partner_id, .flags = OUT),
};

const struct model standing_in_model = CONTROL_MODEL("member", standing_fields);

static const struct sql SQL_PUT = {
	.text = "INSERT INTO member (org_id, user_id, partner_id, role, without_money,"
	        " without_personal_data, created_at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
	        " ON CONFLICT (org_id, user_id, partner_id) DO UPDATE SET role = excluded.role,"
	        " without_money = excluded.without_money,"
	        " without_personal_data = excluded.without_personal_data",
	.control = true, .global = true,
};

static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM member WHERE org_id = $1 AND user_id = $2 AND partner_id = $3",
	.control = true, .global = true,
};

/* Owners, and whether this user is one; those by the workspace are not of the organisation. */
static const struct sql SQL_OWNERS = {
	.text = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN user_id = $2 THEN 1 ELSE 0 END), 0)"
	        " FROM member WHERE org_id = $1 AND role = $3 AND partner_id = 0",
	.control = true, .global = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT m.org_id, m.user_id, m.partner_id, m.role, m.without_money,"
	        " m.without_personal_data, m.created_at, u.email, u.name, m.by_workspace,"
	        " CASE WHEN u.password <> '' AND u.disabled = 0 THEN 1 ELSE 0 END"
	        " AS can_sign_in"
	        " FROM (SELECT org_id, user_id, partner_id, role, without_money,"
	        " without_personal_data, created_at, 0 AS by_workspace FROM member"
	        " WHERE org_id = $1 AND (partner_id = 0 OR CAST($2 AS BIGINT) = 1)"
	        " UNION ALL"
	        " SELECT o.id, w.user_id, 0, w.role, 0, 0, w.created_at, 1 FROM workspace_member w"
	        " JOIN org o ON o.workspace_id = w.workspace_id WHERE o.id = $1"
	        " AND NOT EXISTS (SELECT 1 FROM member d WHERE d.org_id = $1"
	        " AND d.user_id = w.user_id AND d.partner_id = 0 AND d.role >= w.role)) m"
	        " JOIN app_user u ON u.id = m.user_id"
	        " ORDER BY u.email, m.by_workspace, m.partner_id",
	.model = &member_model, .control = true, .global = true,
};

static const struct sql SQL_LIST_PARTNER = {
	.text = "SELECT m.org_id, m.user_id, m.partner_id, m.role, m.without_money,"
	        " m.without_personal_data, m.created_at, u.email, u.name, 0 AS by_workspace,"
	        " CASE WHEN u.password <> '' AND u.disabled = 0 THEN 1 ELSE 0 END"
	        " AS can_sign_in"
	        " FROM member m JOIN app_user u ON u.id = m.user_id"
	        " WHERE m.org_id = $1 AND m.partner_id = $2 ORDER BY u.email",
	.model = &member_model, .control = true, .global = true,
};

/* Own rows, and the workspace's; staff first, the highest role first. */
static const struct sql SQL_STANDING = {
	.text = "SELECT role, without_money, without_personal_data, partner_id FROM member"
	        " WHERE org_id = $1 AND user_id = $2"
	        " UNION ALL"
	        " SELECT w.role, 0, 0, 0 FROM workspace_member w"
	        " JOIN org o ON o.workspace_id = w.workspace_id"
	        " WHERE o.id = $1 AND w.user_id = $2"
	        " ORDER BY 4, 1 DESC",
	.model = &standing_in_model, .control = true, .global = true,
};

static const struct sql SQL_PARTNERS = {
	.text = "SELECT partner_id FROM member"
	        " WHERE org_id = $1 AND user_id = $2 AND partner_id <> 0 ORDER BY partner_id",
	.control = true, .global = true,
};

const struct sql *const member_sql[] = { &SQL_PUT,      &SQL_REMOVE,   &SQL_OWNERS, &SQL_LIST,
	                                 &SQL_STANDING, &SQL_PARTNERS,
	                                 &SQL_LIST_PARTNER, NULL };

static bool check(struct ctx *c, const struct member *m)
{
	CHECK(m->org_id > 0 && m->user_id > 0);
	if (m->role <= ROLE_NONE || m->role > ROLE_OWNER)
		return fail(c, ERR_INVALID, "role", "There is no such role");
	if (m->role == ROLE_PARTNER && m->partner_id == 0)
		return fail(c, ERR_INVALID, "partner", "The role partner needs a partner to act for");
	if (m->role != ROLE_PARTNER && m->partner_id != 0)
		return fail(c, ERR_INVALID, "role", "Only the role partner acts for a partner");
	if (m->role == ROLE_OWNER && (m->without_money || m->without_personal_data))
		return fail(c, ERR_INVALID, "without", "An owner sees everything");
	return true;
}

static bool keeps_owner(struct ctx *c, int64_t org_id, int64_t user_id)
{
	struct rows r;

	if (!db_query(c, &SQL_OWNERS,
	              ARGS(val_int(org_id), val_int(user_id), val_int(ROLE_OWNER)), &r))
		return false;
	return rows_int(&r, 0, 1) == 0 || rows_int(&r, 0, 0) > 1
	    || fail(c, ERR_STATE, "role", "The organisation would be left without an owner");
}

static bool changed(struct ctx *c, const char *action, const struct member *m)
{
	access_changed(c, CACHE_MEMBER);
	return audit_control_org(c, m->org_id, action, id_str(c->arena, ID_USER, m->user_id),
	                         arena_printf(c->arena, "{\"role\":\"%s\",\"without_money\":%s,"
	                                      "\"without_personal_data\":%s}",
	                                      role_names[m->role], m->without_money ? "true"
	                                          : "false",
	                                      m->without_personal_data ? "true" : "false"));
}

bool member_put(struct ctx *c, const struct member *m)
{
	bool demotes = m->partner_id == 0 && m->role != ROLE_OWNER;

	return check(c, m)
	    && (!demotes || keeps_owner(c, m->org_id, m->user_id))
	    && db_exec(c, &SQL_PUT,
	               ARGS(val_int(m->org_id), val_int(m->user_id), val_int(m->partner_id),
	                    val_int(m->role), val_int(m->without_money),
	                    val_int(m->without_personal_data), val_int(c->now_ms)))
	    && changed(c, "member.put", m);
}

bool member_remove(struct ctx *c, int64_t org_id, int64_t user_id, int64_t partner_id)
{
	struct member gone = { .org_id = org_id, .user_id = user_id, .partner_id = partner_id };
	int64_t count;

	if (partner_id == 0 && !keeps_owner(c, org_id, user_id))
		return false;
	if (!db_changes(c, &SQL_REMOVE, ARGS(val_int(org_id), val_int(user_id), val_int(partner_id)),
	                &count))
		return false;
	if (count == 0)
		return fail(c, ERR_NOT_FOUND, "id", "There is no such member");
	return invitation_void(c, &gone)
	    && changed(c, "member.remove", &gone);
}

bool member_list(struct ctx *c, int64_t org_id, bool partners, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(org_id), val_int(partners)),
	               sizeof(struct member),
	               out);
}

bool member_list_partner(struct ctx *c, int64_t org_id, int64_t partner_id, struct list *out)
{
	return db_list(c, &SQL_LIST_PARTNER, ARGS(val_int(org_id), val_int(partner_id)),
	               sizeof(struct member), out);
}

bool member_standing(struct ctx *c, int64_t org_id, int64_t user_id, struct standing_in *out)
{
	return member_standing_as(c, &(struct member){ .org_id = org_id, .user_id = user_id }, out);
}

bool member_standing_as(struct ctx *c, const struct member *who, struct standing_in *out)
{
	int64_t wanted = who->partner_id;
	struct list rows;

	*out = (struct standing_in){ 0 };
	if (!db_list(c, &SQL_STANDING, ARGS(val_int(who->org_id), val_int(who->user_id)),
	             sizeof(*out), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct standing_in *row = (const struct standing_in *)rows.items + i;

		if (row->partner_id == 0 && row->role > out->role)
			*out = *row;
	}
	for (size_t i = 0; i < rows.count && out->partner_id == 0; i++) {
		int64_t id = ((const struct standing_in *)rows.items)[i].partner_id;

		if (wanted == 0 || id == wanted)
			out->partner_id = id;
	}
	return true;
}

bool member_partners(struct ctx *c, int64_t org_id, int64_t user_id, struct rows *out)
{
	return db_query(c, &SQL_PARTNERS, ARGS(val_int(org_id), val_int(user_id)), out);
}

bool member_read_role(struct ctx *c, struct str name, enum role least, int64_t *out)
{
	if (!want_name(c, "role", MUST_NAME(role_names + least), name, out))
		return false;
	*out += least;
	return true;
}

bool member_read_without(struct ctx *c, struct str text, struct member *m)
{
	while (text.n > 0) {
		struct str one = str_trim(str_cut(&text, ','));

		if (str_is(one, "money"))
			m->without_money = true;
		else if (str_is(one, "personal_data"))
			m->without_personal_data = true;
		else
			return fail(c, ERR_INVALID, "without",
			            "\"%.*s\" is not money or personal_data",
			            STR_ARG(one));
	}
	return true;
}
