/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_says_web.h"
#include "base/check.h"
#include "commission/explanation_web.h"
#include "rules/input.h"
#include "web/say.h"

#define SAY(...) arena_printf(p->c->arena, __VA_ARGS__)

static struct str matured(const struct commission *m)
{
	int64_t rest = m->amount - m->reversed;

	if (m->allocated != 0 && m->allocated >= rest)
		return STR("It is in a payout that has been approved. It counts as paid once the money "
		           "has arrived; you need not do anything.");
	return STR("It is owed to you: its holding period is over. The next payout takes it, as soon "
	           "as your balance reaches the minimum payout. You need not do anything.");
}

struct str portal_says_commission(const struct page *p, const struct commission *m)
{
	struct str date = say_date(p, m->matures_at), why;

	switch ((enum commission_status)m->status) {
	case COMMISSION_PENDING:
		return SAY("You have earned it, but it is not payable yet, because the customer could "
		           "still get the money back. That ends on %.*s; then it is owed to you. You "
		           "need not do anything.", STR_ARG(date));
	case COMMISSION_APPROVED:
		return matured(m);
	case COMMISSION_PAID:
		return STR("It has been paid to you. If the customer gets the money back later, it may be "
		           "taken from your next payout, as the terms say.");
	case COMMISSION_HELD:
		if (m->holds & HOLD_DISPUTED)
			return SAY("The customer's bank disputes the payment. If %.*s wins, it is payable "
			           "from %.*s; if not, it is taken back. You need not do anything.",
			           STR_ARG(p->org.name), STR_ARG(date));
		why = portal_says_hold(p, m);
		return SAY("%.*s is looking at it. Why: %.*s. Until that is decided it is not paid; if it "
		           "is released, it is payable from %.*s. If you think this is a mistake, write "
		           "to them and name the id.", STR_ARG(p->org.name), STR_ARG(why), STR_ARG(date));
	case COMMISSION_REJECTED:
		return SAY("%.*s decided against it, so nothing is paid for it. If you think this is a "
		           "mistake, write to them and name the id.", STR_ARG(p->org.name));
	case COMMISSION_REVERSED:
		return STR("All of it was taken back, because the customer got the money back or left; "
		           "what happened is below. You need not do anything.");
	}
	return STR("");
}

struct str portal_says_payout(const struct page *p, const struct payout *x)
{
	struct str why = x->reason; /* people and banks end it with a full stop, or do not */

	if (str_ends(why, "."))
		why.n--;
	switch ((enum payout_status)x->status) {
	case PAYOUT_APPROVED:
		return SAY("%.*s has approved it, and the money is to be sent. It shows as paid once it "
		           "has arrived; banks take a few working days. You need not do anything.",
		           STR_ARG(p->org.name));
	case PAYOUT_PAID:
		return SAY("It was paid on %.*s.", STR_ARG(say_date(p, x->finished_at)));
	case PAYOUT_FAILED:
		return SAY("The money did not arrive%s%.*s. Nothing is lost: the amount is owed to you "
		           "again and goes with the next payout. Please check your payout account "
		           "with %.*s.", why.n ? ": " : "", STR_ARG(why),
		           STR_ARG(p->org.name));
	case PAYOUT_DRAFT:
	case PAYOUT_SKIPPED:
	case PAYOUT_CANCELED:
		break;
	}
	return STR("");
}

struct str portal_says_standing(const struct page *p, int64_t status)
{
	switch ((enum partner_status)status) {
	case PARTNER_PENDING:
		return SAY("%.*s has not decided on your application yet. Your links work already; what "
		           "they earn is held until then.", STR_ARG(p->org.name));
	case PARTNER_DECLINED:
		return SAY("%.*s has declined your application, so links earn nothing. Write to them if "
		           "you think this is a mistake.", STR_ARG(p->org.name));
	case PARTNER_SUSPENDED:
		return SAY("%.*s has suspended you. What your links earn is recorded and held until they "
		           "decide. Write to them to learn why.", STR_ARG(p->org.name));
	case PARTNER_BANNED:
		return SAY("%.*s has ended the partnership. New sales earn nothing.",
		           STR_ARG(p->org.name));
	case PARTNER_APPROVED:
		break;
	}
	return STR("");
}

json_t *portal_says_standing_badge(int64_t status)
{
	static const struct {
		const char *tone, *icon, *text;
	} looks[] = {
		[PARTNER_PENDING] = { "warn", "clock", "Being reviewed" },
		[PARTNER_APPROVED] = { "ok", "circle-check", "You are in" },
		[PARTNER_DECLINED] = { "", "circle-x", "Declined" },
		[PARTNER_SUSPENDED] = { "warn", "alert-triangle", "Suspended" },
		[PARTNER_BANNED] = { "bad", "lock", "Ended" },
	};

	CHECK(status >= 0 && (size_t)status < LEN(looks));
	return json_pack("{s:s, s:s, s:s, s:s}", "tone", looks[status].tone, "icon",
	                 looks[status].icon, "text", looks[status].text, "means", "");
}

struct str portal_says_hold(const struct page *p, const struct commission *m)
{
	return explanation_holds(p->c->arena, m->holds);
}
