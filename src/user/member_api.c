/* SPDX-License-Identifier: Apache-2.0 */
#include "user/member_api.h"
#include "api/rows.h"
#include "data/json.h"
#include "user/member_grant.h"

static const struct api_rows shape = { .model = &member_model, .size = sizeof(struct member) };

bool member_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct api_rows l = shape;
	struct list rows;

	l.rows = &rows;
	return member_list(c, c->org_id, true, &rows)
	    && api_reply_cut(c, q, r, &l, "user_id");
}

bool member_api_read_without(struct ctx *c, const json_t *body, struct member *m)
{
	json_t *list = NULL;

	if (!json_get_array(c, body, "without", MAY(0, 2), &list))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++)
		if (!member_read_without(c, json_text(json_array_get(list, i)), m))
			return false;
	return true;
}

static bool read_member(struct ctx *c, const json_t *body, struct member *m)
{
	static const char *const keys[] = { "email", "role", "without", NULL };
	struct str role;

	return json_only(c, body, keys)
	    && json_get_str(c, body, "email", MUST(3, 254), &m->email)
	    && json_get_str(c, body, "role", MUST(1, 20), &role)
	    && member_read_role(c, role, ROLE_VIEWER, &m->role)
	    && member_api_read_without(c, body, m);
}

bool member_api_put(struct ctx *c, const struct req *q, struct res *r)
{
	struct member m = { .org_id = c->org_id, .created_at = c->now_ms };
	struct list one = { &m, 1 };
	struct api_rows l = shape;
	json_t *body;

	l.rows = &one;
	return api_body(c, q, &body)
	    && read_member(c, body, &m)
	    && member_grant(c, &m)
	    && api_reply_row(c, r, 201, &l);
}

bool member_api_remove(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t user_id;

	return api_arg_id(c, q, 0, ID_USER, &user_id)
	    && member_revoke(c, user_id)
	    && api_reply_nothing(r);
}
