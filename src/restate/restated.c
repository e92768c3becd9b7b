/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/restated.h"

#include "base/check.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "data/json.h"
#include "event/about.h"
#include "event/book.h"
#include "event/earn.h"
#include "event/recall.h"
#include "event/reversal.h"
#include "partner/partner.h"
#include "restate/line.h"
#include "restate/restated_print.h"
#include "restate/stand.h"
#include "rules/names.h"
#include "rules/true_up.h"

/* Too large for an arena that is cleared with every request. */
static _Thread_local struct accrual accrued;
static _Thread_local struct restate sum;

_Static_assert(EVENT_RESTATED == 12, "the type in the statement below and in an index");

static const struct sql SQL_BEFORE = {
	.text = "SELECT commission.partner_id, commission.kind, commission.currency,"
	        " commission.amount, commission.matures_at FROM event JOIN commission"
	        " ON commission.org_id = event.org_id AND commission.event_id = event.id"
	        " WHERE event.org_id = $1 AND event.related_id = $2 AND event.type = 12"
	        " AND event.id < $3 ORDER BY event.id, commission.id",
};

bool restated_covers(int64_t type)
{
	return !event_takes_back(type) && type != EVENT_TRUE_UP && type != EVENT_RESTATED;
}

static bool part_of(struct ctx *c, int64_t partner_id, int64_t kind, struct str currency,
                    struct restate_part **out)
{
	*out = restate_part(&sum, partner_id, (enum earning_kind)kind, currency_find(currency));
	return *out || fail(c, ERR_STATE, "event", "has too many commissions to be restated");
}

/* Whether it is held, and when it is due, follow the commission. */
static bool add_made(struct ctx *c, const struct commission *m, int64_t before_id)
{
	struct restate_part *p;
	int64_t gone = m->reversed;

	if (!part_of(c, m->partner_id, m->kind, m->currency, &p)
	    || (before_id != INT64_MAX && !commission_reversed_before(c, m, before_id, &gone)))
		return false;
	if (p->made_minor == 0) {
		p->holds = 0;
		p->matures_at_ms = m->matures_at;
	}
	p->made_minor += m->amount;
	p->left_minor += m->amount - gone;
	if (m->matures_at > p->matures_at_ms)
		p->matures_at_ms = m->matures_at;
	if (m->status == COMMISSION_HELD)
		p->holds |= (unsigned)m->holds;
	return true;
}

static bool add_all_made(struct ctx *c, const struct restated *x)
{
	struct list all;

	if (!commission_of_event(c, x->event->id, &all))
		return false;
	for (size_t i = 0; i < all.count; i++)
		if (!add_made(c, (const struct commission *)all.items + i, x->before_id))
			return false;
	return true;
}

static bool add_before(struct ctx *c, const struct restated *x)
{
	struct restate_part *p;
	struct rows r;

	if (!db_query(c, &SQL_BEFORE, ARGS(val_int(x->event->id), val_int(x->before_id)), &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		if (!part_of(c, rows_int(&r, i, 0), rows_int(&r, i, 1), rows_str(&r, i, 2), &p))
			return false;
		p->before_minor += rows_int(&r, i, 3);
		if (p->made_minor == 0 && p->earning < 0) /* then it is due with what it takes back */
			p->matures_at_ms = rows_int(&r, i, 4);
	}
	return true;
}

/* Nothing was made: what is known takes back what it takes by the chosen terms. */
static void take_back(const struct restated *x, const struct reversal *known,
                      struct restate_part *p)
{
	struct earned e = { .amount_minor = p->judged_minor,
		            .occurred_at_ms = x->event->occurred_at,
		            .sale_minor = about_whole(x->event) };
	struct adjustment a;

	reverse(x->terms, &e, &known->facts, &a);
	p->gone_minor = restate_gone(x->terms, &a, known->refunded_minor, &e);
	p->holds |= a.hold ? HOLD_REVIEW : 0;
}

/* What is to be taken back and is still in what is left, by the terms of its time or the chosen. */
static bool add_gone(struct ctx *c, const struct restated *x)
{
	const struct event *e = x->event;
	struct reversal known = { .of = NULL };
	struct terms_in_force was;
	bool settles;

	if (!terms_in_force(c, e->campaign_id, e->occurred_at, &was))
		return false;
	settles = was.terms->clawback_period != PERIOD_LIFETIME;
	for (size_t i = 0; i < sum.count; i++) {
		struct restate_part *p = &sum.parts[i];

		if (p->made_minor > 0 ? !settles : p->judged_minor == 0)
			continue;
		if (!known.of && !reversal_known_before(c, e, x->before_id, &known))
			return false;
		if (p->made_minor > 0)
			p->settled_minor = true_up_unsettled(p->made_minor, p->left_minor,
			                                     known.refunded_minor,
			                                     about_whole(e));
		else
			take_back(x, &known, p);
	}
	return true;
}

/* As stored with the event, or with the run that looks at more. */
static bool judged_by(struct ctx *c, const struct restated *x, struct inputs *out)
{
	struct recall recall;

	if (x->run->stands)
		return stand_read(c, x->run, x->event->id, x->terms->currency, out);
	if (!recall_read(c, x->event, x->terms->currency, &recall))
		return false;
	*out = recall.inputs;
	return true;
}

bool restated_judge(struct ctx *c, struct restated *x)
{
	bool of_period = x->event->type == EVENT_TRUE_UP;
	struct inputs in;

	if (!of_period && !judged_by(c, x, &in))
		return false;
	if (of_period) /* its events come to all there is */
		accrued.commission_count = accrued.earning_count = 0;
	else
		accrue(x->terms, &in.standing, &in.event, &accrued);
	restate_judged(&sum, &accrued);
	x->judged = &accrued;
	x->sum = &sum;
	return add_all_made(c, x) && add_before(c, x) && (of_period || add_gone(c, x));
}

bool restated_stopped(struct ctx *c, const struct restate_part *p, bool *out)
{
	struct partner partner;

	*out = false;
	if (restate_difference(p) <= 0)
		return true;
	if (!book_partner(c, p->partner_id, &partner))
		return false;
	*out = partner.status == PARTNER_BANNED;
	return true;
}

/* Which parts get nothing; *out_any: there is one to be posted. */
static bool find_stopped(struct ctx *c, const struct restated *x, bool *stopped, bool *out_any)
{
	*out_any = false;
	for (size_t i = 0; i < x->sum->count; i++) {
		const struct restate_part *p = &x->sum->parts[i];

		if (!restated_stopped(c, p, &stopped[i]))
			return false;
		*out_any = *out_any || (restate_difference(p) != 0 && !stopped[i]);
	}
	return true;
}

static bool place(struct ctx *c, const struct restated *x, struct event *e)
{
	struct str run = id_str(c->arena, ID_RESTATEMENT, x->run->id);
	struct str of = id_str(c->arena, ID_EVENT, x->event->id);
	struct str id = arena_printf(c->arena, "restate/%.*s/%.*s", STR_ARG(run), STR_ARG(of));
	bool known;

	e->external_id = id;
	for (int n = 2;; n++) {
		if (!event_place(c, e, &known))
			return false;
		if (!known)
			return true;
		e->external_id = arena_printf(c->arena, "%.*s/%d", STR_ARG(id), n);
	}
}

/* A dispute's hold ends with the dispute, of which only the sale's own commissions hear. */
static int64_t holds_of(struct ctx *c, const struct restate_part *p, bool *out_ok)
{
	unsigned holds = p->holds;
	struct partner partner;

	*out_ok = true;
	if (restate_difference(p) < 0)
		return 0;
	if (holds & HOLD_DISPUTED)
		holds = (holds & ~(unsigned)HOLD_DISPUTED) | HOLD_REVIEW;
	*out_ok = book_partner(c, p->partner_id, &partner);
	if (*out_ok && partner.status == PARTNER_SUSPENDED)
		holds |= HOLD_SUSPENDED;
	return holds;
}

static bool post_part(struct ctx *c, const struct restated *x, const struct event *e,
                      const struct restate_part *p)
{
	struct restate_part as_posted = *p;
	struct line line = { .run_id = x->run->id, .partner_id = p->partner_id,
		             .currency = str_from(p->currency->code),
		             .posted = restate_difference(p), .adjustments = 1 };
	struct commission m = { .event_id = e->id, .partner_id = p->partner_id,
		                .campaign_id = e->campaign_id, .terms_id = x->run->terms_id,
		                .kind = p->kind, .currency = line.currency,
		                .amount = line.posted, .occurred_at = e->occurred_at,
		                .matures_at = p->matures_at_ms };
	bool ok;

	m.holds = holds_of(c, p, &ok);
	m.status = m.holds ? COMMISSION_HELD : COMMISSION_PENDING;
	as_posted.holds = (unsigned)m.holds;
	if (!ok)
		return false;
	m.explanation = restated_explanation(c, x, &as_posted);
	return commission_create(c, &m) && line_add(c, &line);
}

bool restated_post(struct ctx *c, const struct restated *x)
{
	bool *stopped = ARENA_ARRAY(c->arena, bool, x->sum->count + 1), any;
	struct event e = { .type = EVENT_RESTATED, .campaign_id = x->event->campaign_id,
		           .partner_id = x->event->partner_id, .related_id = x->event->id,
		           .invoice_index = -1, .occurred_at = c->now_ms,
		           .received_at = c->now_ms, .source = STR("job"), .facts = STR("{}") };

	if (!find_stopped(c, x, stopped, &any))
		return false;
	if (!any)
		return true;
	e.id = id_new();
	e.inputs = restated_inputs(c, x, stopped);
	e.attribution = restated_attribution(c, x);
	if (!place(c, x, &e) || !earn_store(c, &e))
		return false;
	for (size_t i = 0; i < x->sum->count; i++) {
		const struct restate_part *p = &x->sum->parts[i];

		if (restate_difference(p) != 0 && !stopped[i] && !post_part(c, x, &e, p))
			return false;
	}
	return true;
}

static const struct sql SQL_COMMISSIONS = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND event_id IN (SELECT id FROM event"
	        " WHERE event.org_id = $1 AND event.related_id = $2 AND event.type = 12)"
	        " ORDER BY id",
	.model = &commission_model,
};

bool restated_commissions(struct ctx *c, int64_t event_id, struct list *out)
{
	return db_list(c, &SQL_COMMISSIONS, ARGS(val_int(event_id)), sizeof(struct commission), out);
}

#define SUM MUST(-1000 * MONEY_MAX_MINOR, 1000 * MONEY_MAX_MINOR)

static bool read_part(struct ctx *c, const json_t *o, struct restated_part *p)
{
	return json_get_int(c, o, "partner", MUST(1, INT64_MAX), &p->partner_id)
	       && json_get_int(c, o, "kind", MUST(0, EARNING_RECRUITING), &p->kind)
	       && json_get_currency(c, o, "currency", MUST(0, 0), &p->currency)
	       && json_get_int(c, o, "is", SUM, &p->is_minor)
	       && json_get_int(c, o, "was", SUM, &p->was_minor)
	       && json_get_int(c, o, "before", SUM, &p->before_minor)
	       && json_get_bool(c, o, "stopped", MAY(0, 0), &p->stopped);
}

bool restated_read(struct ctx *c, struct str inputs, int64_t *out_run_id,
                   struct restated_part **out, size_t *out_count)
{
	json_t *doc, *list;

	if (!json_read_object(c, inputs, &doc)
	    || !json_get_int(c, doc, "restatement", MUST(1, INT64_MAX), out_run_id)
	    || !json_get_array(c, doc, "parts", MUST(1, RESTATE_PARTS_MAX), &list))
		return false;
	*out_count = json_array_size(list);
	*out = ARENA_ARRAY(c->arena, struct restated_part, *out_count);
	for (size_t i = 0; i < *out_count; i++) {
		(*out)[i] = (struct restated_part){ 0 };
		if (!read_part(c, json_array_get(list, i), &(*out)[i]))
			return false;
	}
	return true;
}

const struct sql *const restated_sql[] = { &SQL_BEFORE, &SQL_COMMISSIONS, NULL };
