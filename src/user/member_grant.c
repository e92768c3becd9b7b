/* SPDX-License-Identifier: Apache-2.0 */
#include "user/member_grant.h"
#include "user/user.h"

/*
 * Only of who belongs to the organisation: anybody can make an account under an address that is not
 * theirs (by an invitation of another organisation), and must not get a role by that. Whether there
 * is an account makes no difference to what is answered.
 */
static bool find_member(struct ctx *c, struct member *m)
{
	struct standing_in now = { 0 };
	struct user u;
	bool found;

	if (!user_email(c, m->email, &m->email) || !user_find_email(c, m->email, &u, &found)
	    || (found && !member_standing(c, m->org_id, u.id, &now)))
		return false;
	if (now.role == ROLE_NONE && now.partner_id == 0)
		return fail(c, ERR_INVALID, "email",
		            "Nobody here has the address %.*s: send an invitation", STR_ARG(m->email));
	m->user_id = u.id;
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
	return find_member(c, m)
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
