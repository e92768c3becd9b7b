/* SPDX-License-Identifier: Apache-2.0 */
#include "user/invitation_api.h"
#include "api/rows.h"
#include "data/json.h"
#include "data/json_out.h"
#include "user/invitation_web.h"
#include "user/invitation.h"
#include "user/member_api.h"

static const struct api_rows shape = { .model = &invitation_model,
	                               .size = sizeof(struct invitation) };

bool invitation_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct api_rows l = shape;
	struct list rows;

	l.rows = &rows;
	return invitation_list(c, -1, &rows)
	    && api_reply_cut(c, q, r, &l, "id");
}

static bool read(struct ctx *c, const json_t *body, struct invitation *i)
{
	static const char *const keys[] = { "email", "role", "partner", "without", NULL };
	struct member m = { 0 };
	struct str role;

	if (!json_only(c, body, keys) || !json_get_str(c, body, "email", MUST(3, 254), &i->email)
	    || !json_get_str(c, body, "role", MUST(1, 20), &role)
	    || !member_read_role(c, role, ROLE_PARTNER, &i->role)
	    || !json_get_id(c, body, "partner", MAY_ID(ID_PARTNER), &i->partner_id)
	    || !member_api_read_without(c, body, &m))
		return false;
	i->without_money = m.without_money;
	i->without_personal_data = m.without_personal_data;
	return true;
}

static bool reply_created(struct ctx *c, struct res *r, struct invitation *i, struct str token)
{
	struct list one = { i, 1 };
	struct api_rows l = shape;

	l.rows = &one;
	if (!api_reply_row(c, r, 201, &l))
		return false;
	r->body.n--; /* the brace at the end, for one more member */
	/* The link is stored nowhere: who did not get this answer makes another invitation. */
	r->again = arena_printf(c->arena, "%.*s,\"link\":null}", STR_ARG(buf_text(&r->body)));
	jw_key_str(&r->body, "link", invitation_web_link(c, "/invite/", token));
	jw_object_end(&r->body);
	return true;
}

bool invitation_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i = { 0 };
	struct str token;
	json_t *body;

	return api_body(c, q, &body)
	    && read(c, body, &i)
	    && invitation_create(c, &i, &token)
	    && reply_created(c, r, &i, token);
}

bool invitation_api_withdraw(struct ctx *c, const struct req *q, struct res *r)
{
	struct invitation i;
	int64_t id;

	return api_arg_id(c, q, 0, ID_INVITATION, &id)
	    && invitation_withdraw(c, id, &i)
	    && api_reply_nothing(r);
}
