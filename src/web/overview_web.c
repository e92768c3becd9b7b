/* SPDX-License-Identifier: Apache-2.0 */
#include "web/overview_web.h"
#include "base/check.h"
#include "connect/hook.h"
#include "data/json.h"
#include "deal/deal.h"
#include "event/parked.h"
#include "report/report_home.h"
#include "web/chart.h"
#include "web/names.h"
#include "web/say.h"

#define TOP 5

_Static_assert(HOOK_FAILED == 3, "the index hook_failed is for this number");

static const struct sql SQL_HOOKS = {
	.text = "SELECT COUNT(*) FROM hook WHERE org_id = $1 AND status = 3",
};

const struct sql *const overview_sql[] = { &SQL_HOOKS, NULL };

struct task_row {
	int64_t count;
	const char *tone, *icon, *path, *one, *many;
	bool money;
};

static void put_task(struct page *p, json_t *list, const struct task_row *t)
{
	json_t *o;

	if (t->count == 0 || (t->money && !p->c->actor.sees_money))
		return;
	o = json_object();
	json_set_int(o, "count", t->count);
	json_set_str(o, "tone", str_from(t->tone));
	json_set_str(o, "icon", str_from(t->icon));
	json_set_str(o, "text", str_from(t->count == 1 ? t->one : t->many));
	json_set_str(o, "href", arena_printf(p->c->arena, "%.*s%s", STR_ARG(p->base), t->path));
	json_array_append_new(list, o);
}

static int64_t payable_partners(const struct rows *owed)
{
	int64_t n = 0;

	for (size_t i = 0; i < owed->count; i++)
		n += rows_int(owed, i, 5);
	return n;
}

/* Where there are none, there is no event either; nobody is led there. */
static const char *late_path(struct arena *a, const struct parked_late *late)
{
	if (late->count == 0)
		return "/events";
	return arena_printf(a, "/events/%.*s", STR_ARG(id_str(a, ID_EVENT, late->event_id))).p;
}

static bool put_tasks(struct page *p, const struct rows *owed)
{
	json_t *list = json_array();
	struct report_tasks t;
	struct parked_late late;
	int64_t hooks, deals;

	json_object_set_new(p->view, "tasks", list);
	if (!report_tasks(p->c, &t) || !db_int(p->c, &SQL_HOOKS, NO_ARGS, &hooks)
	    || !parked_late(p->c, &late) || !deal_waiting(p->c, &deals))
		return false;

	const struct task_row rows[] = {
		{ t.applications, "warn", "user-plus", "/partners?status=pending",
		  "application to decide", "applications to decide", false },
		{ deals, "warn", "briefcase", "/deals?stage=review", "deal to decide",
		  "deals to decide", false },
		{ t.held, "warn", "alert-triangle", "/commissions?status=held",
		  "commission on hold", "commissions on hold", false },
		{ t.runs_draft, "info", "edit", "/payouts", "payout run to approve",
		  "payout runs to approve", true },
		{ t.runs_open, "info", "clock", "/payouts", "payout run waits for results",
		  "payout runs wait for results", true },
		{ t.runs_draft + t.runs_open ? 0 : payable_partners(owed), "info", "building-bank",
		  "/payouts", "partner to be paid", "partners to be paid", true },
		{ hooks, "bad", "webhook", "/settings/stripe?status=failed",
		  "webhook could not be used", "webhooks could not be used", false },
		{ late.count, "warn", "clock",
		  late_path(p->c->arena, &late),
		  "refund or dispute has waited a week for what it is about",
		  "refunds or disputes have waited a week for what they are about", false },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		put_task(p, list, &rows[i]);
	json_set_bool(p->view, "start", t.campaigns == 0 || t.partners == 0 || t.links == 0);
	json_set_bool(p->view, "has_campaign", t.campaigns > 0);
	json_set_bool(p->view, "has_partner", t.partners > 0);
	json_set_bool(p->view, "has_link", t.links > 0);
	return true;
}

struct figure {
	const char *label;
	struct str now, was;
	int64_t before, after;
	bool less_is_better;
	bool money;
};

/* The currency in smaller letters behind the amount: it is the same in all of them. */
static void put_value(json_t *o, struct str text, bool money)
{
	size_t n = text.n > 4 && money && text.p[text.n - 4] == ' ' ? text.n - 4 : text.n;

	json_set_str(o, "value", str_slice(text, 0, n));
	json_set_str(o, "unit", str_slice(text, n, 4));
}

static void put_figure(struct page *p, json_t *list, const struct figure *f)
{
	bool up, hidden = f->money && !p->c->actor.sees_money;
	struct str change = say_change(p->c->arena, f->before, f->after, &up);
	json_t *o = json_object();

	json_set_str(o, "label", str_from(f->label));
	json_set_bool(o, "hidden", hidden);
	put_value(o, hidden ? STR("") : f->now, f->money);
	json_set_str(o, "change", hidden ? STR("") : change);
	json_set_str(o, "was", hidden || f->before <= 0 ? STR("") : f->was);
	json_set_str(o, "tone", str_starts(change, "±") ? STR("") : up != f->less_is_better ? STR("up")
	                                                                                  : STR("down"));
	json_array_append_new(list, o);
}

/* Commission cost in a thousand of revenue; -1 without revenue. */
static int64_t rate_of(const struct report_sum *s)
{
	return s->revenue > 0 ? money_muldiv(s->commission, 1000, s->revenue) : -1;
}

static struct str rate_text(struct arena *a, int64_t rate)
{
	return rate < 0 ? STR("–") : arena_printf(a, "%lld.%lld %%", (long long)(rate / 10),
	                                          (long long)(rate % 10));
}

static void put_figures(struct page *p, const struct report *r, const struct report_currency *cur)
{
	const struct report_sum *now = &cur->now, *was = &cur->before;
	struct arena *a = p->c->arena;
	struct str code = cur->code;
	json_t *list = json_array();
	int64_t rate = rate_of(now), rate_was = rate_of(was);

	const struct figure rows[] = {
		{ "Referred revenue", say_money(p, now->revenue, code),
		  say_money(p, was->revenue, code),
		  was->revenue, now->revenue, false, true },
		{ "Commission cost", say_money(p, now->commission, code),
		  say_money(p, was->commission,
		            code), was->commission, now->commission, true, true },
		{ "Effective rate", rate_text(a, rate), rate_text(a, rate_was), rate_was, rate,
		  true, true },
		{ "Active partners", say_number(a, r->partners_now),
		  say_number(a, r->partners_before),
		  r->partners_before, r->partners_now, false, false },
		{ "Clicks", say_number(a, r->clicks_now), say_number(a, r->clicks_before),
		  r->clicks_before,
		  r->clicks_now, false, false },
	};

	json_object_set_new(p->view, "figures", list);
	for (size_t i = 0; i < LEN(rows); i++)
		put_figure(p, list, &rows[i]);
}

static void put_days(struct page *p, const struct report *r, const struct report_currency *cur)
{
	json_t *list = json_array();

	json_object_set_new(p->view, "days", list);
	for (size_t d = REPORT_DAYS; d < 2 * REPORT_DAYS; d++) {
		json_t *o = json_object();

		json_set_str(o, "day", say_day(p->c->arena, r->first_day + (int64_t)d));
		json_set_str(o, "revenue", say_money(p, cur->days[d].revenue, cur->code));
		json_set_str(o, "commission", say_money(p, cur->days[d].commission, cur->code));
		json_set_int(o, "clicks", r->clicks[d]);
		json_array_append_new(list, o);
	}
}

/* Revenue for those who may see it, clicks for the others. */
static void put_chart(struct page *p, const struct report *r, const struct report_currency *cur)
{
	int64_t *values = ARENA_ARRAY(p->c->arena, int64_t, 2 * REPORT_DAYS);
	bool money = p->c->actor.sees_money;
	struct chart ch = {
		.now = values + REPORT_DAYS,
		.before = values,
		.days = REPORT_DAYS,
		.first_day = r->first_day + REPORT_DAYS,
		.cur = money ? currency_find(cur->code) : NULL,
	};

	for (size_t d = 0; d < 2 * REPORT_DAYS; d++)
		values[d] = money ? cur->days[d].revenue : r->clicks[d];
	json_object_set_new(p->view, "chart", chart_view(p->c->arena, &ch));
	json_set_str(p->view, "chart_of", money ? STR("Referred revenue") : STR("Clicks"));
	put_days(p, r, cur);
}

/* What the figures consist of beside their own currency, and what has no rate to be in them. */
static bool put_others(struct page *p, const struct report *r, struct fx_sum *s)
{
	json_t *list = json_array();

	json_object_set_new(p->view, "others", list);
	for (size_t i = 0; i < r->currency_count && p->c->actor.sees_money; i++) {
		const struct report_currency *other = &r->currencies[i];
		json_t *o;
		bool known;

		if (str_is(other->code, s->to->code)
		    || (other->now.revenue == 0 && other->now.commission == 0))
			continue;
		if (!fx_sum_knows(p->c, s, other->code, &known))
			return false;
		o = json_object();
		json_set_bool(o, "within", known);
		json_set_str(o, "revenue", say_money(p, other->now.revenue, other->code));
		json_set_str(o, "commission", say_money(p, other->now.commission, other->code));
		json_array_append_new(list, o);
	}
	return true;
}

static bool put_top(struct page *p, const struct report *r, struct fx_sum *s)
{
	struct str code = str_from(s->to->code);
	json_t *list = json_array();
	struct list best;

	json_object_set_new(p->view, "top", list);
	if (!report_home_top(p->c, r, s, TOP, &best))
		return false;
	for (size_t i = 0; i < best.count; i++) {
		const struct report_best *b = (const struct report_best *)best.items + i;
		json_t *o = json_object();

		json_set_id(o, "partner", ID_PARTNER, b->partner_id);
		json_set_str(o, "revenue", say_money(p, b->revenue, code));
		json_set_str(o, "commission", say_money(p, b->commission, code));
		json_set_int(o, "count", b->sales);
		json_array_append_new(list, o);
	}
	return names_put(p, list);
}

/* A column of what is owed, over all currencies. */
static bool together(struct page *p, const struct rows *owed, size_t column, struct fx_sum *s,
                     struct str *out)
{
	struct say_part *parts = ARENA_ARRAY(p->c->arena, struct say_part, owed->count);

	for (size_t i = 0; i < owed->count; i++)
		parts[i] = (struct say_part){ rows_str(owed, i, 0), rows_int(owed, i, column) };
	return say_sum(p, s, parts, owed->count, out);
}

static bool put_together(struct page *p, const struct rows *owed)
{
	struct str payable, pending;
	struct fx_sum s;
	json_t *o;

	if (owed->count < 2 || !p->c->actor.sees_money)
		return true;
	fx_sum_begin(p->c, &s, p->org.currency);
	if (!together(p, owed, 2, &s, &payable) || !together(p, owed, 1, &s, &pending))
		return false;
	o = json_object();
	json_set_str(o, "payable", payable);
	json_set_str(o, "pending", pending);
	json_set_str(o, "says", say_converted(p, &s));
	json_object_set_new(p->view, "together", o);
	return true;
}

static void put_owed(struct page *p, const struct rows *rows)
{
	static const char *const keys[] = { NULL, "pending", "payable", "in_payout", "paid",
	                                    "partners" };
	json_t *list = json_array();

	json_object_set_new(p->view, "owed", list);
	for (size_t i = 0; i < rows->count && p->c->actor.sees_money; i++) {
		json_t *o = json_object();

		json_set_str(o, "currency", rows_str(rows, i, 0));
		for (size_t k = 1; k < LEN(keys); k++)
			json_set_int(o, keys[k], rows_int(rows, i, k));
		json_array_append_new(list, o);
	}
}

bool overview_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct report_currency cur;
	struct report report;
	struct fx_sum s;
	struct rows owed;
	struct page p;

	if (!page_open(&p, c, q, r) || !report_read(c, 0, &report) || !report_owed(c, &owed)
	    || !put_tasks(&p, &owed) || !report_home(c, &report, p.org.currency, &s, &cur))
		return false;
	put_figures(&p, &report, &cur);
	put_chart(&p, &report, &cur);
	json_set_str(p.view, "converted", say_converted(&p, &s));
	put_owed(&p, &owed);
	return put_others(&p, &report, &s) && put_together(&p, &owed) && put_top(&p, &report, &s)
	    && page_show(&p, "app/overview.html", STR("Overview"));
}
