/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_home_web.h"
#include "base/check.h"
#include "base/money.h"
#include "commission/commission.h"
#include "commission/commission_api.h"
#include "data/json.h"
#include "ledger/balance.h"
#include "payout/run.h"
#include "portal/portal_commission_web.h"
#include "portal/portal_link_web.h"
#include "portal/portal_payout_web.h"
#include "portal/portal_says_web.h"
#include "portal/portal_tier_web.h"
#include "report/report_home.h"
#include "web/chart.h"
#include "web/say.h"

#define LATELY 6
#define PAYOUTS 3
#define HELD 5

static const struct sql SQL_NEXT_MATURING = {
	.text = "SELECT MIN(matures_at) FROM commission WHERE org_id = $1 AND partner_id = $2"
	        " AND status = $3 AND currency = $4",
};

const struct sql *const portal_home_sql[] = { &SQL_NEXT_MATURING, NULL };

/* One currency's balance on its way into words. */
struct telling {
	struct page *p;
	const struct balance *b;
	int64_t held;    /* of what is pending */
	int64_t minimum; /* the least that is paid out */
	bool stopped;    /* runs leave this partner out */
	json_t *view;
};

static struct str sum(const struct telling *t, int64_t minor)
{
	return say_money(t->p, minor, t->b->currency);
}

#define SAY(...) arena_printf(t->p->c->arena, __VA_ARGS__)

/* What is paid next, and what that waits for. */
static struct str next_says(const struct telling *t)
{
	int64_t owed = t->b->payable;
	struct str brand = t->p->org.name;

	if (owed < 0)
		return SAY("Refunds after a payout took back more than you have earned since. What you "
		           "earn next makes up for it first; you need not pay anything.");
	if (owed == 0 && t->b->in_payout == 0)
		return STR("Nothing is owed to you right now.");
	if (owed == 0)
		return STR("Everything that was owed is on its way.");
	if (t->stopped)
		return SAY("Nothing is paid out while your account is not active. Write to %.*s about it.",
		           STR_ARG(brand));
	if (owed < t->minimum)
		return SAY("Below the minimum payout of %.*s; %.*s more and it is paid. Until then it "
		           "stays yours.", STR_ARG(sum(t, t->minimum)),
		           STR_ARG(sum(t, t->minimum - owed)));
	return SAY("Paid with the next payout of %.*s. You need not do anything.", STR_ARG(brand));
}

static bool pending_says(const struct telling *t, struct str *out)
{
	int64_t rest = t->b->pending - t->held, first;

	*out = STR("");
	if (rest <= 0)
		return true;
	if (!db_int(t->p->c, &SQL_NEXT_MATURING,
	            ARGS(val_int(t->b->partner_id), val_int(COMMISSION_PENDING),
	                 val_str(t->b->currency)), &first))
		return false;
	*out = first > 0 ? SAY("In its holding period, while customers can still get their money back. "
	                       "The first of it becomes payable on %.*s.",
	                       STR_ARG(say_date(t->p, first)))
	                 : STR("In its holding period.");
	return true;
}

static bool put_balance(struct telling *t)
{
	const struct balance *b = t->b;
	struct str pending;

	if (!pending_says(t, &pending))
		return false;
	json_set_str(t->view, "currency", b->currency);
	json_set_str(t->view, "next", sum(t, b->payable));
	json_set_str(t->view, "next_says", next_says(t));
	json_set_bool(t->view, "owes", b->payable < 0);
	json_set_str(t->view, "pending", sum(t, b->pending - t->held));
	json_set_str(t->view, "pending_says", pending);
	json_set_str(t->view, "held", t->held ? sum(t, t->held) : STR(""));
	json_set_str(t->view, "sent", b->in_payout ? sum(t, b->in_payout) : STR(""));
	json_set_str(t->view, "paid", sum(t, b->paid));
	return true;
}

static int64_t held_in(const struct rows *held, struct str currency)
{
	for (size_t i = 0; i < held->count; i++)
		if (str_eq(rows_str(held, i, 1), currency))
			return rows_int(held, i, 2);
	return 0;
}

static bool put_money(struct portal *o)
{
	struct page *p = &o->page;
	json_t *list = json_array();
	struct list balances;
	struct rows held;

	json_object_set_new(p->view, "balances", list);
	if (!balance_list(p->c, o->partner.id, &balances)
	    || !commission_held(p->c, o->partner.id, &held))
		return false;
	for (size_t i = 0; i < balances.count; i++) {
		const struct balance *b = (const struct balance *)balances.items + i;
		struct telling t = { .p = p, .b = b, .held = held_in(&held, b->currency),
			             .stopped = o->partner.status != PARTNER_APPROVED,
			             .view = json_object() };

		json_array_append_new(list, t.view);
		if (!run_minimum(p->c, b->partner_id, b->currency, &t.minimum) || !put_balance(&t))
			return false;
	}
	return true;
}

/* What is held, each with its reason. */
static bool put_held(struct portal *o)
{
	struct page *p = &o->page;
	struct str limit = arena_printf(p->c->arena, "%d", HELD);
	struct form_field fields[] = { { STR("status"), STR("held") }, { STR("limit"), limit } };
	json_t *list = json_array();
	struct list_page page;

	json_object_set_new(p->view, "held_rows", list);
	if (!list_find(p->c, &(struct form){ fields, LEN(fields) }, &commission_list,
	               (struct list_scope){ 0 }, &page))
		return false;
	json_set_bool(p->view, "any_held", page.rows.count > 0);
	for (size_t i = 0; i < page.rows.count; i++) {
		const struct commission *m = (const struct commission *)page.rows.items + i;
		json_t *e = json_object();

		json_array_append_new(list, e);
		json_set_id(e, "id", ID_COMMISSION, m->id);
		json_set_str(e, "sum", say_money(p, m->amount - m->reversed, m->currency));
		json_set_str(e, "why", portal_says_hold(p, m));
		json_set_time(e, "at", m->occurred_at);
	}
	return true;
}

static void put_figure(json_t *list, const char *label, struct str now, struct str was)
{
	json_t *e = json_object();

	json_set_str(e, "label", str_from(label));
	json_set_str(e, "value", now);
	json_set_str(e, "was", was);
	json_array_append_new(list, e);
}

static void put_chart(struct page *p, const struct report_currency *cur, int64_t first_day)
{
	int64_t *values = ARENA_ARRAY(p->c->arena, int64_t, 2 * REPORT_DAYS);
	struct chart ch = { .now = values + REPORT_DAYS, .before = values, .days = REPORT_DAYS,
	                    .first_day = first_day + REPORT_DAYS, .cur = currency_find(cur->code) };
	json_t *days = json_array();

	for (size_t d = 0; d < 2 * REPORT_DAYS; d++)
		values[d] = cur->days[d].commission > 0 ? cur->days[d].commission : 0;
	json_object_set_new(p->view, "chart", chart_view(p->c->arena, &ch));
	json_object_set_new(p->view, "days", days);
	for (size_t d = REPORT_DAYS; d < 2 * REPORT_DAYS; d++) {
		json_t *e = json_object();

		json_set_str(e, "day", say_day(p->c->arena, first_day + (int64_t)d));
		json_set_int(e, "sales", cur->days[d].sales);
		json_set_str(e, "earned", say_money(p, cur->days[d].commission, cur->code));
		json_array_append_new(days, e);
	}
}

static bool put_figures(struct portal *o)
{
	struct page *p = &o->page;
	struct arena *a = p->c->arena;
	json_t *list = json_array();
	struct report_currency cur;
	struct report r;
	struct fx_sum s;

	json_object_set_new(p->view, "figures", list);
	if (!report_read(p->c, o->partner.id, &r)
	    || !report_home(p->c, &r, p->org.currency, &s, &cur))
		return false;
	json_set_str(p->view, "converted", say_converted(p, &s));
	put_figure(list, "Clicks", say_number(a, r.clicks_now), say_number(a, r.clicks_before));
	put_figure(list, "Sales", say_number(a, cur.now.sales), say_number(a, cur.before.sales));
	put_figure(list, "Referred revenue", say_money(p, cur.now.revenue, cur.code),
	           say_money(p, cur.before.revenue, cur.code));
	put_figure(list, "Earned", say_money(p, cur.now.commission, cur.code),
	           say_money(p, cur.before.commission, cur.code));
	put_chart(p, &cur, r.first_day);
	return true;
}

/* A note for each campaign in which not all is well. */
static void put_notes(struct portal *o, const struct portal_campaign *all, size_t n)
{
	json_t *list = json_array();

	json_object_set_new(o->page.view, "notes", list);
	for (size_t i = 0; i < n; i++) {
		struct str says = portal_says_standing(&o->page, all[i].status);
		json_t *e;

		if (says.n == 0)
			continue;
		e = json_object();
		json_set_str(e, "campaign", all[i].campaign.name);
		json_set_str(e, "says", says);
		json_array_append_new(list, e);
	}
}

bool portal_home_show(struct ctx *c, const struct req *q, struct res *r)
{
	const struct portal_campaign *all;
	struct portal o;
	size_t n;

	if (!portal_web_open(&o, c, q, r) || !portal_terms_campaigns(&o, &all, &n))
		return false;
	put_notes(&o, all, n);
	return portal_link_share(&o)
	    && portal_tier_put(&o, all, n)
	    && put_money(&o)
	    && put_held(&o)
	    && put_figures(&o)
	    && portal_commission_some(&o, "lately", LATELY)
	    && portal_payout_some(&o, "paid_lately", PAYOUTS)
	    && portal_web_show(&o, "portal/home.html", STR("Home"));
}
