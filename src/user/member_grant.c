/* SPDX-License-Identifier: Apache-2.0 */
#include "user/member_grant.h"
#include "user/user.h"

static bool find_user(struct ctx *c, struct member *m)
{
	struct user u = { .email = m->email, .name = m->name.n ? m->name : m->email };
	bool found;

	if (!user_find_email(c, m->email, &u, &found) || (!found && !user_create(c, &u)))
		return false;
	m->user_id = u.id;
	m->email = u.email;
	m->name = u.name;
	m->can_sign_in = u.password.n > 0 && !u.disabled;
	return true;
}

static bool outranks(struct ctx *c, const struct member *m)
{
	struct standing_in now = { 0 };

	if (m->user_id && !member_standing(c, m->org_id, m->user_id, &now))
		return false;
	if (m->role > c->actor.role || now.role > c->actor.role)
		return fail(c, ERR_DENIED, NULL, "Only an owner decides about owners");
	if ((!c->actor.sees_money && !m->without_money)
	    || (!c->actor.sees_personal_data && !m->without_personal_data))
		return fail(c, ERR_DENIED, NULL,
		            "You cannot give permissions that you do not have");
	return true;
}

bool member_grant(struct ctx *c, struct member *m)
{
	return find_user(c, m)
	    && outranks(c, m)
	    && member_put(c, m);
}

bool member_revoke(struct ctx *c, int64_t user_id)
{
	struct member m = { .org_id = c->org_id, .user_id = user_id, .without_money = true,
	                    .without_personal_data = true };

	return outranks(c, &m)
	    && member_remove(c, c->org_id, user_id, 0);
}
