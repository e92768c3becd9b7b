/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_account_web.h"
#include "data/json.h"
#include "user/account_web.h"

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

bool portal_account_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct portal o;

	if (!portal_web_open(&o, c, q, r) || !account_web_put(&o.page))
		return false;
	json_set_str(o.page.view, "pays_to", masked(c->arena, o.partner.payout_account));
	return portal_web_show(&o, "portal/account.html", STR("Account"));
}
