/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/partner_detail_web.h"
#include "audit/audit.h"
#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "commission/commission_api.h"
#include "data/html.h"
#include "data/json.h"
#include "data/model_json.h"
#include "ledger/balance.h"
#include "link/link_api.h"
#include "partner/enrolment_web.h"
#include "partner/parent.h"
#include "partner/partner_api.h"
#include "partner/partner_step.h"
#include "report/report_home.h"
#include "report/team_web.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

#define SOME 8
#define TRAIL 12

/* Which steps a person can take from a status. */
static void put_steps(json_t *view, int64_t status)
{
	static const char *const names[] = {
		[PARTNER_APPROVE] = "can_approve", [PARTNER_DECLINE] = "can_decline",
		[PARTNER_SUSPEND] = "can_suspend", [PARTNER_BAN] = "can_ban",
		[PARTNER_REINSTATE] = "can_reinstate",
	};

	for (size_t i = 0; i < LEN(names); i++)
		json_set_bool(view, names[i],
		              partner_step_possible((enum partner_step_kind)i, status));
}

static bool put_enrolment(struct page *p, json_t *list, const struct partner *partner,
                          const struct enrolment *e)
{
	json_t *view = page_row(p, &enrolment_model, e);
	bool out = partner_step_possible(PARTNER_REINSTATE, partner->status);

	json_array_append_new(list, view);
	put_steps(view, e->status);
	if (out)
		json_set_bool(view, "can_approve", false); /* decided once it is reinstated */
	return enrolment_web_put(p, e, view);
}

static bool put_enrolments(struct page *p, const struct partner *partner)
{
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "enrolments", list);
	if (!enrolment_list(p->c, partner->id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++)
		if (!put_enrolment(p, list, partner,
		                   (const struct enrolment *)rows.items + i))
			return false;
	return names_put(p, list);
}

static int64_t held_in(const struct rows *held, struct str currency)
{
	for (size_t i = 0; i < held->count; i++)
		if (str_eq(rows_str(held, i, 1), currency))
			return rows_int(held, i, 2);
	return 0;
}

bool partner_detail_balances(struct page *p, int64_t partner_id)
{
	json_t *list = json_array();
	struct list balances;
	struct rows held;

	json_object_set_new(p->view, "balances", list);
	if (!p->c->actor.sees_money)
		return true;
	if (!balance_list(p->c, partner_id, &balances) || !commission_held(p->c, partner_id, &held))
		return false;
	for (size_t i = 0; i < balances.count; i++) {
		const struct balance *b = (const struct balance *)balances.items + i;
		int64_t of_it = held_in(&held, b->currency);
		json_t *o = model_view(p->c, &balance_model, b);

		json_set_int(o, "pending", b->pending - of_it);
		json_set_int(o, "held", of_it);
		json_set_bool(o, "owes", b->payable < 0);
		json_array_append_new(list, o);
	}
	return true;
}

static bool put_figures(struct page *p, int64_t partner_id)
{
	json_t *o = json_object();
	struct report_currency cur;
	struct report r;
	struct fx_sum s;

	json_object_set_new(p->view, "figures", o);
	if (!report_read(p->c, partner_id, &r)
	    || !report_home(p->c, &r, p->org.currency, &s, &cur))
		return false;
	json_set_int(o, "clicks", r.clicks_now);
	json_set_int(o, "sales", cur.now.sales);
	json_set_str(o, "revenue", say_money(p, cur.now.revenue, cur.code));
	json_set_str(o, "commission", say_money(p, cur.now.commission, cur.code));
	json_set_str(p->view, "converted", say_converted(p, &s));
	return true;
}

static bool put_trail(struct page *p, int64_t partner_id)
{
	struct audit_filter f = { .target = id_str(p->c->arena, ID_PARTNER, partner_id),
	                          .limit = TRAIL };
	json_t *list = json_array();
	struct list rows;

	json_object_set_new(p->view, "trail", list);
	if (!audit_list(p->c, &f, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		const struct audit *a = (const struct audit *)rows.items + i;
		struct str verb = a->action;

		str_cut(&verb, '.');
		json_t *o = model_view(p->c, &audit_model, a);

		json_set_str(o, "verb", say_action(p->c->arena, verb));
		json_array_append_new(list, o);
	}
	return true;
}

static struct listing of_partner(const struct list_spec *spec, const char *column, int64_t id)
{
	return (struct listing){ .spec = spec, .scope = { column, id } };
}

/* Who stands below it now, also if a move is planned. */
static bool put_recruits(struct page *p, int64_t id)
{
	json_t *view = json_object(), *list = json_array();
	struct list all;

	json_object_set_new(p->view, "recruits", view);
	json_object_set_new(view, "rows", list);
	if (!parent_below(p->c, id, p->c->now_ms, SOME + 1, &all))
		return false;
	json_set_bool(view, "any", all.count > 0);
	json_set_bool(view, "more", all.count > SOME);
	for (size_t i = 0; i < all.count && i < SOME; i++) {
		const struct parent_below *b = (const struct parent_below *)all.items + i;
		json_t *o = json_object();

		json_set_str(o, "id", id_str(p->c->arena, ID_PARTNER, b->id));
		json_set_str(o, "name", b->name);
		if (b->until != INT64_MAX)
			json_set_time(o, "until", b->until);
		json_array_append_new(list, o);
	}
	return true;
}

/* An address that is longer than its column breaks where it has a dot. */
static void put_breakable(struct page *p, const char *key, const char *from)
{
	json_t *partner = json_object_get(p->view, "partner");
	struct buf b;

	buf_init(&b, p->c->arena);
	html_escape_breakable(&b, json_text(json_object_get(partner, from)));
	json_object_set_new(partner, key, html_value(buf_text(&b)));
}

bool partner_detail_put(struct page *p, const struct partner *partner)
{
	int64_t id = partner->id;
	struct listing commissions = of_partner(&commission_list, "partner_id", id);
	struct listing links = of_partner(&link_list_spec, "partner_id", id);
	struct listing codes = of_partner(&code_list_spec, "partner_id", id);

	put_steps(json_object_get(p->view, "partner"), partner->status);
	put_breakable(p, "email_html", "email");
	put_breakable(p, "payout_account_html", "payout_account");
	return names_put(p, json_object_get(p->view, "partner"))
	    && put_enrolments(p, partner)
	    && partner_detail_balances(p, id)
	    && put_figures(p, id)
	    && listing_some(p, "commissions", &commissions, SOME)
	    && listing_some(p, "links", &links, SOME)
	    && listing_some(p, "codes", &codes, SOME)
	    && put_recruits(p, id)
	    && team_web_put(p, partner)
	    && put_trail(p, id);
}
