/* SPDX-License-Identifier: Apache-2.0 */
#include "portal/portal_commission_web.h"
#include "base/check.h"
#include "commission/commission_api.h"
#include "commission/explanation_web.h"
#include "data/json.h"
#include "event/event.h"
#include "ledger/ledger.h"
#include "link/link.h"
#include "payout/payout.h"
#include "portal/portal_says_web.h"
#include "web/badge.h"
#include "web/listing.h"
#include "web/names.h"
#include "web/say.h"

static const struct listing_choice choices[] = {
	{ "status", "Status", commission_status_names, "commission" },
};

/* What happened, without anything of the event that is none of the partner's business. */
static const struct sql SQL_EVENT = {
	.text = "SELECT type, partner_id, link_id, occurred_at FROM event WHERE org_id = $1"
	        " AND id = $2",
};

/* A recruit's name is all of it that its recruiter may see: of who is or was one. */
static const struct sql SQL_RECRUIT = {
	.text = "SELECT name FROM partner WHERE org_id = $1 AND id = $2 AND EXISTS (SELECT 1"
	        " FROM partner_place e WHERE e.org_id = $1 AND e.partner_id = $2"
	        " AND e.parent_id = $3 AND e.since <= $4)",
};

/* What was taken back, given back or held, and by what kind of event. */
static const struct sql SQL_SINCE = {
	.text = "SELECT ledger_entry.kind, COALESCE(event.type, -1) AS type, ledger_entry.at,"
	        " CAST(MAX(ledger_leg.debit) AS BIGINT) AS amount FROM ledger_entry"
	        " JOIN ledger_leg ON ledger_leg.org_id = ledger_entry.org_id"
	        " AND ledger_leg.entry_id = ledger_entry.id"
	        " LEFT JOIN event ON event.org_id = ledger_entry.org_id"
	        " AND event.id = ledger_entry.cause_id"
	        " WHERE ledger_entry.org_id = $1 AND ledger_entry.commission_id = $2"
	        " AND ledger_entry.kind IN (2, 7, 8)"
	        " GROUP BY ledger_entry.id, ledger_entry.kind, event.type, ledger_entry.at"
	        " ORDER BY ledger_entry.id",
};

const struct sql *const portal_commission_sql[] = { &SQL_EVENT, &SQL_RECRUIT, &SQL_SINCE, NULL };

static bool put_row(struct page *p, const void *row, json_t *view)
{
	const struct commission *m = row;

	json_set_str(view, "rest", say_money(p, m->amount - m->reversed, m->currency));
	json_set_str(view, "full", say_money(p, m->amount, m->currency));
	json_set_str(view, "back", m->reversed > 0 ? say_money(p, m->reversed, m->currency) : STR(""));
	json_set_bool(view, "from_team", m->kind != 0);
	json_set_str(view, "until", m->status == COMMISSION_PENDING
	                                    ? arena_printf(p->c->arena, "payable from %.*s",
	                                                   STR_ARG(say_date(p, m->matures_at)))
	                            : m->status == COMMISSION_HELD ? portal_says_hold(p, m)
	                                                           : STR(""));
	return true;
}

/* Which page of a list, rather than which list. */
static bool is_place(struct str name)
{
	return str_is(name, "limit") || str_is(name, "starting_after")
	    || str_is(name, "ending_before");
}

/* The address of this list as CSV, with its filters: all of it is one value, see form_put. */
static struct str csv_address(const struct page *p)
{
	struct arena *a = p->c->arena;
	struct buf b;

	buf_init(&b, a);
	buf_printf(&b, "%.*s.csv", STR_ARG(p->q->path));
	for (size_t i = 0, n = 0; i < p->q->query.count; i++) {
		const struct form_field *f = &p->q->query.fields[i];

		if (f->value.n == 0 || is_place(f->name))
			continue;
		buf_char(&b, n++ ? '&' : '?');
		form_put(&b, arena_cstr(a, f->name), f->value);
	}
	return buf_text(&b);
}

bool portal_commission_list(struct ctx *c, const struct req *q, struct res *r)
{
	const struct listing l = { .spec = &commission_list, .choices = choices,
	                           .choice_count = LEN(choices), .row = put_row };
	struct portal o;

	if (!portal_web_open(&o, c, q, r) || !listing_put(&o.page, "list", &l))
		return false;
	json_set_str(o.page.view, "csv", csv_address(&o.page));
	return portal_web_show(&o, "portal/commissions.html", STR("Commissions"));
}

bool portal_commission_csv(struct ctx *c, const struct req *q, struct res *r)
{
	return listing_csv(c, q, r, &commission_list, "commissions");
}

bool portal_commission_some(struct portal *o, const char *key, int64_t most)
{
	const struct listing l = { .spec = &commission_list, .row = put_row };

	return listing_some(&o->page, key, &l, most);
}

/* The link it came by, if it is the partner's own; of a recruit's sale only that it was one. */
static bool put_link(struct page *p, json_t *view, int64_t partner_id, int64_t link_id)
{
	struct link link;

	json_set_str(view, "link_slug", STR(""));
	json_set_str(view, "recruit", STR(""));
	if (partner_id == p->c->actor.partner_id && link_id != 0) {
		if (!link_get(p->c, link_id, &link))
			return false;
		json_set_str(view, "link_slug", link.slug);
		json_set_id(view, "link", ID_LINK, link.id);
	}
	return true;
}

static bool put_recruit(struct page *p, json_t *view, int64_t partner_id)
{
	struct rows rows;

	if (partner_id == 0 || partner_id == p->c->actor.partner_id)
		return true;
	if (!db_query(p->c, &SQL_RECRUIT,
	              ARGS(val_int(partner_id), val_int(p->c->actor.partner_id),
	                   val_int(p->c->now_ms)),
	              &rows))
		return false;
	if (rows.count > 0)
		json_set_str(view, "recruit", rows_str(&rows, 0, 0));
	return true;
}

static bool put_event(struct page *p, const struct commission *m)
{
	json_t *view = json_object();
	struct rows rows;

	json_object_set_new(p->view, "from", view);
	if (!db_query(p->c, &SQL_EVENT, ARGS(val_int(m->event_id)), &rows))
		return false;
	if (rows.count == 0)
		return true;
	json_set_str(view, "kind", say_words(p->c->arena,
	                                     str_from(event_type_names[rows_int(&rows, 0, 0)])));
	json_set_str(view, "amount", m->base ? say_money(p, m->base, m->currency) : STR(""));
	json_set_time(view, "at", rows_int(&rows, 0, 3));
	return put_link(p, view, rows_int(&rows, 0, 1), rows_int(&rows, 0, 2))
	    && put_recruit(p, view, rows_int(&rows, 0, 1));
}

static const char *why_since(int64_t type)
{
	return type == EVENT_REFUND    ? "the customer got money back"
	       : type == EVENT_DISPUTE ? "the payment was disputed"
	       : type == EVENT_CHURN   ? "the customer left"
	                               : "it was decided so";
}

/* "3 Dec 2026: 8.25 USD was taken back, because the customer got money back." */
static bool put_since(struct page *p, const struct commission *m)
{
	json_t *list = json_array();
	struct rows rows;

	_Static_assert(LEDGER_REVERSE == 2 && LEDGER_REPOST == 7 && LEDGER_HOLD == 8,
	               "the kinds in the statement");
	json_object_set_new(p->view, "since", list);
	if (!db_query(p->c, &SQL_SINCE, ARGS(val_int(m->id)), &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		int64_t kind = rows_int(&rows, i, 0);
		struct str sum = say_money(p, rows_int(&rows, i, 3), m->currency);
		struct str date = say_date(p, rows_int(&rows, i, 2));
		json_t *o = json_object();

		json_set_str(o, "says",
		             kind == LEDGER_REPOST
		                     ? arena_printf(p->c->arena, "%.*s: %.*s was given back; the dispute"
		                                    " was won.", STR_ARG(date), STR_ARG(sum))
		                     : arena_printf(p->c->arena, "%.*s: %.*s was %s, because %s.",
		                                    STR_ARG(date), STR_ARG(sum),
		                                    kind == LEDGER_HOLD ? "held" : "taken back",
		                                    why_since(rows_int(&rows, i, 1))));
		json_array_append_new(list, o);
	}
	json_set_bool(p->view, "any_since", rows.count > 0);
	return true;
}

static bool is_shown(int64_t payout_status)
{
	return payout_status == PAYOUT_APPROVED || payout_status == PAYOUT_PAID
	    || payout_status == PAYOUT_FAILED;
}

static bool put_payouts(struct page *p, const struct commission *m)
{
	json_t *list = json_array();
	struct rows rows;

	json_object_set_new(p->view, "payouts", list);
	if (!payout_of_commission(p->c, m->id, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		int64_t status = rows_int(&rows, i, 2);
		json_t *e;

		if (!is_shown(status))
			continue;
		e = json_pack("{s:s, s:s}", "object", "payout", "status",
		              payout_status_names[status]);
		json_set_id(e, "id", ID_PAYOUT, rows_int(&rows, i, 0));
		json_set_str(e, "sum", say_money(p, rows_int(&rows, i, 1), m->currency));
		badge_put(e);
		json_array_append_new(list, e);
	}
	return true;
}

static bool named(struct ctx *c, const struct req *q, struct commission *out)
{
	int64_t id;

	return page_arg_id(c, q, ID_COMMISSION, &id)
	    && commission_get(c, id, out)
	    && partner_visible(c, out->partner_id);
}

bool portal_commission_show(struct ctx *c, const struct req *q, struct res *r)
{
	struct commission m;
	struct portal o;
	json_t *view;

	if (!named(c, q, &m) || !portal_web_open(&o, c, q, r)
	    || !page_put(&o.page, "commission", &commission_model, &m))
		return false;
	view = json_object_get(o.page.view, "commission");
	put_row(&o.page, &m, view);
	json_object_del(view, "explanation");
	json_set_str(view, "standing", portal_says_commission(&o.page, &m));
	return names_put(&o.page, view)
	    && explanation_put(&o.page, &m)
	    && put_event(&o.page, &m)
	    && put_since(&o.page, &m)
	    && put_payouts(&o.page, &m)
	    && portal_web_show(&o, "portal/commission.html",
	                       arena_printf(c->arena, "Commission of %.*s",
	                                    STR_ARG(json_text(json_object_get(view, "full")))));
}
