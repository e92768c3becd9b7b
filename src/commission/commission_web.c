/* SPDX-License-Identifier: Apache-2.0 */
#include "commission/commission_web.h"
#include "base/check.h"
#include "change/change.h"
#include "commission/commission.h"
#include "commission/commission_api.h"
#include "commission/explanation_web.h"
#include "data/json.h"
#include "event/event.h"
#include "ledger/ledger.h"
#include "ledger/ledger_web.h"
#include "payout/payout.h"
#include "rules/input.h"
#include "web/attribution.h"
#include "web/badge.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", commission_status_names, "commission" },
	{ "campaign", "Campaign", NULL, NULL },
};

static bool put_rest(struct page *p, const void *row, json_t *view)
{
	const struct commission *m = row;

	json_set_bool(view, "partly", m->reversed > 0);
	json_set_str(view, "rest", say_money(p, m->amount - m->reversed, m->currency));
	json_set_bool(view, "from_above", m->kind != 0);
	return true;
}

bool commission_web_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &commission_list, .choices = choices,
	                           .choice_count = LEN(choices), .when = "occurred_at",
	                           .row = put_rest };
	struct page p;

	return page_open(&p, c, q, r)
	    && listing_put(&p, "list", &l)
	    && page_show(&p, "app/commissions.html", STR("Commissions"));
}

bool commission_web_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &commission_list, "commissions");
}

static bool put_payouts(struct page *p, int64_t commission_id, struct str currency)
{
	json_t *list = json_array();
	struct rows rows;

	json_object_set_new(p->view, "payouts", list);
	if (!payout_of_commission(p->c, commission_id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		json_t *o = json_pack("{s:s}", "object", "payout");

		json_set_id(o, "id", ID_PAYOUT, rows_int(&rows, i, 0));
		json_set_str(o, "amount", say_money(p, rows_int(&rows, i, 1), currency));
		json_set_str(o, "status", str_from(payout_status_names[rows_int(&rows, i, 2)]));
		badge_put(o);
		json_array_append_new(list, o);
	}
	return true;
}

/* What, why, until when, what one can do. */
static struct str standing(const struct page *p, const struct commission *m)
{
	struct arena *a = p->c->arena;
	struct str date = say_date(p, m->matures_at);

	switch ((enum commission_status)m->status) {
	case COMMISSION_PENDING:
		return arena_printf(a, "Earned, but not owed yet: it matures on %.*s. What is refunded "
		                       "until then is taken back.", STR_ARG(date));
	case COMMISSION_APPROVED:
		return STR("Owed to the partner. The next payout run in this currency takes it.");
	case COMMISSION_PAID:
		return STR("What a refund or a lost dispute takes back inside the clawback window is taken "
		           "from the next payout.");
	case COMMISSION_HELD:
		if (m->holds & HOLD_DISPUTED)
			return arena_printf(a, "The payment is disputed. If it is won, this matures on "
			                       "%.*s; if it is lost, it is taken back.",
			                    STR_ARG(date));
		return arena_printf(a, "A person must look at it. Released, it matures on %.*s; rejected, "
		                       "all of it is reversed.", STR_ARG(date));
	case COMMISSION_REJECTED:
		return STR("Decided against. Nothing is owed for it any more.");
	case COMMISSION_REVERSED:
		return STR("All of it was taken back. Nothing is owed for it any more.");
	}
	return STR("");
}

static void put_standing(struct page *p, const struct commission *m)
{
	json_t *view = json_object_get(p->view, "commission");
	int64_t s = m->status;

	json_set_str(view, "standing", standing(p, m));
	json_set_bool(view, "can_approve", s == COMMISSION_PENDING);
	json_set_bool(view, "can_hold", s == COMMISSION_PENDING);
	json_set_bool(view, "can_release", s == COMMISSION_HELD
	                                   && !(m->holds & HOLD_DISPUTED));
	json_set_bool(view, "can_reject", s == COMMISSION_PENDING || s == COMMISSION_HELD);
	json_set_bool(view, "steps_open", s == COMMISSION_PENDING || s == COMMISSION_HELD);
}

static bool put_event(struct page *p, int64_t event_id)
{
	struct event e;
	json_t *view;

	if (!event_get(p->c, event_id, &e) || !page_put(p, "source_event", &event_model, &e))
		return false;
	view = json_object_get(p->view, "source_event");
	json_set_str(view, "kind", say_words(p->c->arena, str_from(event_type_names[e.type])));
	return names_put(p, view)
	    && attribution_put(p, &e);
}

static bool named(struct ctx *c, const struct req *q, struct commission *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_COMMISSION, &id)
	    && commission_get(c, id, out);
}

bool commission_web_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct commission m;
	struct page p;
	json_t *view;

	if (!named(c, q, &m) || !page_open(&p, c, q, r)
	    || !page_put(&p, "commission", &commission_model, &m))
		return false;
	view = json_object_get(p.view, "commission");
	put_rest(&p, &m, view);
	put_standing(&p, &m);
	json_set_str(p.view, "raw", c->actor.sees_money ? say_json(c->arena, m.explanation) : STR(""));
	json_set_bool(p.view, "entries", false);
	return names_put(&p, view)
	    && explanation_put(&p, &m)
	    && explanation_put_holds(&p, &m)
	    && put_event(&p, m.event_id)
	    && put_payouts(&p, m.id, m.currency)
	    && (!c->actor.sees_money || ledger_web_put(&p, "entries", m.id, 0))
	    && page_show(&p, "app/commission.html",
	                 arena_printf(c->arena, "Commission for %.*s",
	                              STR_ARG(json_text(json_object_get(view, "partner_name")))));
}

static const struct {
	const char *name, *action, *flash;
	bool (*run)(struct ctx *c, struct commission *m);
} steps[] = {
	{ "approve", "commission.approve", "commission.approved", commission_approve },
	{ "hold", "commission.hold", "commission.held", commission_hold },
	{ "release", "commission.release", "commission.released", commission_release },
	{ "reject", "commission.reject", "commission.rejected", commission_reject },
};

static bool take(struct ctx *c, const struct req *q, struct res *r, size_t i)
{
	struct commission m, before;
	struct str id;

	if (!named(c, q, &m))
		return false;
	before = m;
	id = id_str(c->arena, ID_COMMISSION, m.id);
	return steps[i].run(c, &m)
	    && change_row(c, steps[i].action, &commission_model, &before, &m)
	    && page_done(c, q, r, arena_printf(c->arena, "/commissions/%.*s", STR_ARG(id)),
	                 steps[i].flash);
}

bool commission_web_step(struct ctx *c, const struct req *q, struct res *r)
{
	CHECK(q->arg_count == 3);
	for (size_t i = 0; i < LEN(steps); i++)
		if (str_is(q->args[2], steps[i].name))
			return take(c, q, r, i);
	return fail(c, ERR_NOT_FOUND, NULL, "There is no such step");
}
