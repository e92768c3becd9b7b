/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"
#include "base/check.h"
#include "net/route.h"

static const enum role needed[] = {
	[VIEWER] = ROLE_VIEWER, [MANAGER] = ROLE_MANAGER, [ADMIN] = ROLE_ADMIN, [OWNER] = ROLE_OWNER,
};

static bool refuse_org(struct ctx *c)
{
	return fail(c, ERR_NOT_FOUND, NULL, "There is nothing here");
}

static bool permissions(struct ctx *c, const struct route *r)
{
	if ((r->flags & ROUTE_MONEY) && !c->actor.sees_money)
		return fail(c, ERR_DENIED, NULL, "This needs the permission to see money");
	if ((r->flags & ROUTE_PERSONAL) && !c->actor.sees_personal_data)
		return fail(c, ERR_DENIED, NULL, "This needs the permission to see personal data");
	return true;
}

/* Reading goes on while an organisation is suspended. */
static bool open_for(struct ctx *c, const struct route *r, const struct org *o)
{
	return o->status == ORG_ACTIVE || r->method == METHOD_GET
	    || fail(c, ERR_DENIED, NULL, "The organisation is suspended");
}

static bool admit_key(struct ctx *c, const struct route *r, const struct facts *f)
{
	const struct key_known *k = &f->key;

	if (!f->key_found || k->revoked_at != 0)
		return fail(c, ERR_SIGN_IN, NULL,
		            "There is no such key, or it has been revoked, or it may not be used"
		            " from this address");
	if (!f->org_found || f->org.id != k->org_id)
		return refuse_org(c);
	c->org_id = k->org_id;
	c->actor = (struct actor){
		.kind = ACTOR_KEY,
		.role = key_role(k->scopes),
		.key_id = k->id,
		.sees_money = !scope_has(k->scopes, "-money"),
		.sees_personal_data = !scope_has(k->scopes, "-personal_data"),
		.name = k->name,
	};
	if (!scope_allows(k->scopes, r->scope))
		return fail(c, ERR_DENIED, NULL, "The key has not the scope %s", r->scope);
	return permissions(c, r) && open_for(c, r, &f->org);
}

static bool admit_partner(struct ctx *c, const struct route *r, const struct facts *f)
{
	if (f->standing.partner_id == 0)
		return refuse_org(c);
	c->actor.kind = ACTOR_PARTNER;
	c->actor.role = ROLE_PARTNER;
	c->actor.partner_id = f->standing.partner_id;
	c->actor.sees_money = true;
	c->actor.sees_personal_data = false;
	return permissions(c, r) && open_for(c, r, &f->org);
}

static bool admit_staff(struct ctx *c, const struct route *r, const struct facts *f)
{
	if (f->standing.role < ROLE_VIEWER)
		return refuse_org(c);
	c->actor.role = (enum role)f->standing.role;
	c->actor.sees_money = !f->standing.without_money;
	c->actor.sees_personal_data = !f->standing.without_personal_data;
	if (r->who >= VIEWER && c->actor.role < needed[r->who])
		return fail(c, ERR_DENIED, NULL, "This needs the role %s",
		            role_names[needed[r->who]]);
	return permissions(c, r) && open_for(c, r, &f->org);
}

static bool session_good(const struct ctx *c, const struct facts *f)
{
	return f->session_found && !f->session.disabled && f->session.expires_at > c->now_ms;
}

static void be_user(struct ctx *c, const struct facts *f)
{
	c->actor = (struct actor){
		.kind = ACTOR_USER,
		.user_id = f->session.user_id,
		.session_id = f->session.id,
		.name = f->session.name,
	};
}

static bool admit_session(struct ctx *c, const struct route *r, const struct ask *ask,
                          const struct facts *f)
{
	if (!session_good(c, f))
		return fail(c, ERR_SIGN_IN, NULL, "Please sign in");
	be_user(c, f);
	if (ask->org.n == 0)
		return r->who == SIGNED_IN
		    || fail(c, ERR_DENIED, NULL, "This needs an organisation");
	if (!f->org_found)
		return refuse_org(c);
	c->org_id = f->org.id;
	if (r->who == SIGNED_IN && f->standing.role < ROLE_VIEWER)
		return admit_partner(c, r, f);
	return r->who == PARTNER ? admit_partner(c, r, f) : admit_staff(c, r, f);
}

/* Nobody has to say who they are; whoever is signed in anyway is known all the same. */
static bool admit_anybody(struct ctx *c, const struct ask *ask, const struct facts *f)
{
	c->actor = (struct actor){ .kind = ACTOR_NONE };
	if (ask->by == ASK_SESSION && session_good(c, f))
		be_user(c, f);
	if (ask->org.n == 0)
		return true;
	if (!f->org_found)
		return refuse_org(c);
	c->org_id = f->org.id;
	return true;
}

bool access_admit(struct ctx *c, const struct route *route, const struct ask *ask,
                  const struct facts *facts)
{
	c->org_id = 0;
	if (route->who == ANYBODY)
		return admit_anybody(c, ask, facts);
	if (ask->by == ASK_KEY)
		return admit_key(c, route, facts);
	if (ask->by == ASK_SESSION)
		return admit_session(c, route, ask, facts);
	return fail(c, ERR_SIGN_IN, NULL,
	            route->flags & ROUTE_API ? "Send your key as Authorization: Bearer sk_live_…"
	                                       " (of a sandbox: sk_test_…)"
	                                     : "Please sign in");
}
