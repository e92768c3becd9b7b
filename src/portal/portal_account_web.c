/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_account_web.h"
#include "base/check.h"
#include "data/json.h"
#include "user/session.h"
#include "web/browser.h"

#define ENDING 4

/* Enough to know it again, too little to use it: of an address its first letter and its host. */
static struct str masked(struct arena *a, struct str account)
{
	size_t from = account.n > ENDING ? account.n - ENDING : 0;
	size_t at = str_find(account, '@', 0), first = 1;

	if (account.n == 0)
		return STR("");
	while (first < account.n && ((unsigned char)account.p[first] & 0xc0) == 0x80)
		first++;
	if (at > 0 && at < account.n)
		return arena_printf(a, "%.*s••••%.*s", (int)first, account.p,
		                    STR_ARG(str_slice(account, at, SIZE_MAX)));
	while (from > 0 && ((unsigned char)account.p[from] & 0xc0) == 0x80)
		from--;
	return account.n <= 2 * ENDING ? STR("••••")
	                               : arena_printf(a, "•••• %.*s",
	                                              STR_ARG(str_slice(account, from, SIZE_MAX)));
}

static bool put_sessions(struct portal *o)
{
	const struct actor *a = &o->page.c->actor;
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(o->page.view, "sessions", list);
	if (!session_list(o->page.c, a->user_id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct session *s = (const struct session *)rows.items + i;
		json_t *e = json_object();

		json_set_str(e, "browser", browser_say(o->page.c->arena, s->user_agent));
		json_set_time(e, "seen_at", s->seen_at ? s->seen_at : s->created_at);
		json_set_bool(e, "this", s->id == a->session_id);
		json_array_append_new(list, e);
	}
	return true;
}

bool portal_account_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct portal o;

	if (!portal_web_open(&o, c, q, r) || !put_sessions(&o))
		return false;
	json_set_str(o.page.view, "pays_to", masked(c->arena, o.partner.payout_account));
	return portal_web_show(&o, "portal/account.html", STR("Account"));
}

bool portal_account_sign_out(struct ctx *c, const struct req *q, struct res *r)
{
	CHECK(q->arg_count >= 1);
	if (!session_end_all(c, c->actor.user_id))
		return false;
	res_redirect(r, 303, arena_printf(c->arena, "/sign-in?next=/portal/%.*s",
	                                  STR_ARG(q->args[0])));
	return true;
}
