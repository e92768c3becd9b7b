/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "base/id.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "verify/commission_walk.h"
#include "verify/explained.h"
#include "verify/reach.h"
#include "verify/notices.h"
#include "verify/owners.h"
#include "verify/verify_deals.h"

static _Thread_local struct accrual accrued;

static const struct field event_fields[] = {
	FIELD(struct event, id, .flags = 0),          FIELD(struct event, external_key, .flags = 0),
	FIELD(struct event, external_id, .flags = 0), FIELD(struct event, type, .flags = 0),
	FIELD(struct event, customer_id, .flags = 0), FIELD(struct event, campaign_id, .flags = 0),
	FIELD(struct event, partner_id, .flags = 0),  FIELD(struct event, link_id, .flags = 0),
	FIELD(struct event, related_id, .flags = 0),  FIELD(struct event, amount, .flags = 0),
	FIELD(struct event, tax, .flags = 0),         FIELD(struct event, currency, .flags = 0),
	FIELD(struct event, invoice_index, .flags = 0),
	FIELD(struct event, occurred_at, .flags = 0), FIELD(struct event, facts, .flags = 0),
	FIELD(struct event, inputs, .flags = 0),
};

static const struct model walk_model = MODEL("event", event_fields);

static const struct sql SQL_EVENTS = {
	.text = "SELECT @columns FROM event WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3",
	.whole = true,
	.model = &walk_model,
};

/* What is walked side by side. */
struct walks {
	struct cursor events;
	struct commission_walk commissions;
	struct notices notices;
	struct commission *made; /* by the event at hand */
	size_t room;
};

static const struct field version_fields[] = {
	FIELD(struct replay_version, id, .flags = 0),
	FIELD(struct replay_version, campaign_id, .flags = 0),
	FIELD(struct replay_version, effective_at, .flags = 0),
};

static const struct model version_model = MODEL("terms", version_fields);

static const struct sql SQL_VERSIONS = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 ORDER BY campaign_id, version",
	.model = &version_model,
};

/* The first version of a campaign counts from the beginning of time. */
static struct replay_version *version_at(struct replay *r, int64_t campaign_id, int64_t at_ms)
{
	struct replay_version *all = r->versions.items, *found = NULL;
	size_t low = 0, high = r->versions.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].campaign_id < campaign_id)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t i = low; i < r->versions.count && all[i].campaign_id == campaign_id; i++)
		if (!found || all[i].effective_at <= at_ms)
			found = &all[i];
	return found;
}

/* The terms in force; *out stays NULL where there are none that can be read. */
static bool terms_of(struct replay *r, int64_t campaign_id, int64_t at_ms,
                     const struct terms **out)
{
	struct replay_version *version = version_at(r, campaign_id, at_ms);

	*out = NULL;
	if (!version || version->unreadable)
		return true;
	if (!version->terms && !terms_compiled(&r->lasting, version->id, &version->terms)) {
		if (r->lasting.err.code == ERR_STORAGE)
			return false;
		fail_clear(&r->lasting);
		version->unreadable = true;
	}
	*out = version->terms;
	return true;
}

/* Is the stored one what its event earns, judged again? */
static bool agrees(const struct replayed *e, const struct earning *g, const struct commission *m)
{
	return g->amount_minor == m->amount && str_is(m->currency, g->currency->code)
	       && g->partner_id == m->partner_id && (int64_t)g->kind == m->kind
	       && g->matures_at_ms == m->matures_at
	       && (g->holds != 0) == (m->first_status == COMMISSION_HELD)
	       && m->campaign_id == e->event->campaign_id
	       && m->customer_id == e->event->customer_id && m->base == e->event->amount
	       && m->occurred_at == e->event->occurred_at;
}

static void compare(struct replay *r, const struct replayed *e, const struct earning *g,
                    const struct commission *m)
{
	char id[ID_TEXT_MAX];

	if (agrees(e, g, m))
		return;
	verify_id(ID_COMMISSION, m->id, id);
	if (g->amount_minor != m->amount || !str_is(m->currency, g->currency->code))
		verify_found(r->v, "%s: judged again, its event earns %lld %s, not %lld %.*s", id,
		             (long long)g->amount_minor, g->currency->code, (long long)m->amount,
		             STR_ARG(m->currency));
	if (g->partner_id != m->partner_id || (int64_t)g->kind != m->kind)
		verify_found(r->v, "%s: judged again, its event earns for somebody else", id);
	if (g->matures_at_ms != m->matures_at)
		verify_found(r->v, "%s: judged again, it matures at another time", id);
	if ((g->holds != 0) != (m->first_status == COMMISSION_HELD))
		verify_found(r->v, "%s: judged again, it is %s", id,
		             g->holds ? "held" : "not held");
	if (m->campaign_id != e->event->campaign_id || m->customer_id != e->event->customer_id
	    || m->base != e->event->amount || m->occurred_at != e->event->occurred_at)
		verify_found(r->v, "%s: does not repeat what its event says", id);
}

static void check_commissions(struct replay *r, const struct replayed *e,
                              const struct list *commissions)
{
	const struct commission *stored = commissions->items;
	size_t made = 0;

	for (size_t i = 0; i < e->accrued->earning_count; i++) {
		const struct earning *g = &e->accrued->earnings[i];

		if (g->gate != GATE_NONE)
			continue;
		if (made < commissions->count)
			compare(r, e, g, &stored[made]);
		made++;
	}
	if (made != commissions->count)
		verify_found(r->v, "%s: judged again, it makes %zu commissions, not %zu", e->id,
		             made,
		             commissions->count);
}

static void check_invoice(struct replay *r, const struct replayed *e)
{
	struct recount_customer *cu = recount_customer(r->recount, e->event->customer_id);
	bool paid = e->event->type == EVENT_SALE && e->event->amount > 0;
	int64_t index = paid ? cu->invoices++ : -1;

	if (e->event->invoice_index != index)
		verify_found(r->v, "%s: is invoice %lld of its customer, a recount gives %lld",
		             e->id,
		             (long long)e->event->invoice_index, (long long)index);
}

/* What a dispute took may have been given back since, so that more is left now than there was. */
static void note_spent(struct replay *r, const struct list *commissions, bool disputed)
{
	for (size_t i = 0; i < commissions->count; i++) {
		const struct commission *m = (const struct commission *)commissions->items + i;
		struct recount_spent *spent =
		        recount_spent(r->recount, m->customer_id, m->campaign_id);

		spent->earned_minor += m->amount;
		spent->left_minor += disputed ? 0 : m->amount - m->reversed;
	}
}

/* An event that is credited to somebody, by terms that can be read. */
static bool judge(struct replay *r, struct replayed *e, const struct list *commissions,
                  const struct notices *n)
{
	if (!recall_read(r->v->c, e->event, e->terms->currency, &e->recall)) {
		verify_found(r->v, "%s: it cannot be judged again: %s %s", e->id,
		             r->v->c->err.field,
		             r->v->c->err.msg);
		fail_clear(r->v->c);
		return true;
	}
	if (!deals_replay(r, e))
		return false;
	owners_replay(r, e);
	replay_check_standing(r, e);
	if (r->stood && !replay_check_stood(r, e, commissions))
		return false;
	if (e->event->type == EVENT_TRUE_UP)
		accrue_correction(e->terms, &e->recall.inputs.standing, &e->recall.correction,
		                  &accrued);
	else
		accrue(e->terms, &e->recall.inputs.standing, &e->recall.inputs.event, &accrued);
	e->accrued = &accrued;
	check_commissions(r, e, commissions);
	notices_check(r, e, commissions, n);
	replay_count(r, e);
	notices_waited(r, e, n);
	return replay_check_rate(r, e);
}

/* What the event has made, each looked at while its explanation is at hand. */
static bool take_commissions(struct replay *r, struct walks *w, const struct event *event,
                             struct list *out)
{
	struct commission m = { 0 };
	bool found;

	*out = (struct list){ 0 };
	while (commission_walk_next(&w->commissions, event->id, &m, &found)) {
		const struct replay_version *version;

		out->items = w->made;
		if (!found)
			return true;
		version = version_at(r, m.campaign_id, event->occurred_at);
		explained_check(r->v, &m, event, version ? version->id : 0);
		m.explanation = STR("");
		w->made = arena_grow(r->lasting.arena, w->made, sizeof(m), out->count, &w->room);
		w->made[out->count++] = m;
	}
	return false;
}

static bool replay_event(struct replay *r, const struct event *event, struct walks *w)
{
	struct replayed e = { .event = event };
	struct list commissions;

	if (r->stood)
		replay_pass_stood(r, event->id);
	if (!reach_event(r->v, event))
		return false;
	if (!take_commissions(r, w, event, &commissions) || !notices_of(r, &w->notices, event))
		return false;
	if (event_takes_back(event->type)) {
		replay_tell_stood(r, event);
		return notices_replay(r, event);
	}
	id_format(ID_EVENT, event->id, e.id);
	check_invoice(r, &e);
	if (event->type == EVENT_RESTATED)
		return replay_restated(r, event, &commissions);
	if (event->campaign_id == 0 && event->inputs.n == 0) {
		if (commissions.count > 0)
			verify_found(r->v, "%s: is credited to nobody, but makes commissions",
			             e.id);
		return true;
	}
	if (!terms_of(r, event->campaign_id, event->occurred_at, &e.terms))
		return false;
	if (!e.terms)
		verify_found(r->v, "%s: its terms cannot be read", e.id);
	else if (!judge(r, &e, &commissions, &w->notices))
		return false;
	if (e.accrued && event->type == EVENT_TRUE_UP && !replay_check_true_up(r, &e))
		return false;
	note_spent(r, &commissions, w->notices.disputes.count > 0);
	return true;
}

static bool replay_events(struct replay *r, struct walks *w)
{
	struct event event = { 0 };
	bool found;

	while (cursor_next(&w->events, &event, &found)) {
		if (!found)
			return commission_walk_rest(&w->commissions) && notices_rest(&w->notices);
		if (r->v->counts->events++ % VERIFY_RESET == 0)
			arena_reset(r->v->c->arena);
		if (!replay_event(r, &event, w))
			return false;
		if (w->commissions.disordered)
			return true;
	}
	return false;
}

static bool replay_walks(struct replay *r, bool by_event, bool *out_disordered)
{
	const struct cursor_reader by = { r->v->c, r->v->events };
	struct walks w = { 0 };
	bool ok = cursor_open_ahead(&w.events, &by, &SQL_EVENTS, 1, sizeof(struct event))
	       && commission_walk_begin(&w.commissions, r->v, by_event)
	       && notices_begin(&w.notices, r->v) && replay_events(r, &w);

	*out_disordered = ok && !by_event && w.commissions.disordered;
	cursor_close(&w.events);
	commission_walk_end(&w.commissions);
	notices_end(&w.notices);
	return ok;
}

static bool replay_all(struct verify *v, bool by_event, bool *out_disordered)
{
	struct replay r = { .v = v, .lasting = *v->c, .recount = recount_new(),
		            .restated = tallies_new() };
	struct arena lasting;
	bool ok;

	reach_begin(v->reach);
	arena_init(&lasting);
	r.lasting.arena = &lasting;
	ok = db_list(&r.lasting, &SQL_VERSIONS, NO_ARGS, sizeof(struct replay_version), &r.versions)
	  && replay_read_parents(&r) && replay_read_stood(&r) && notices_churns(&r)
	  && replay_walks(&r, by_event, out_disordered)
	  && (*out_disordered || (replay_check_tables(&r) && replay_check_lines(&r)));
	if (!ok && r.lasting.err.code != ERR_NONE)
		v->c->err = r.lasting.err;
	replay_free_stood(&r);
	arena_release(&lasting);
	recount_free(r.recount);
	tallies_free(r.restated);
	return ok;
}

bool verify_replay(struct verify *v)
{
	struct verify_counts counts = *v->counts;
	size_t said = v->out->n;
	bool disordered = false;

	if (!replay_all(v, false, &disordered))
		return false;
	if (!disordered)
		return true;
	*v->counts = counts;
	v->out->n = said;
	return replay_all(v, true, &disordered);
}

const struct sql *const verify_replay_sql[] = {
	&SQL_EVENTS, &SQL_VERSIONS, NULL,
};
