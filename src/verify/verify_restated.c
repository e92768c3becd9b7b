/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify_replay.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "restate/restated.h"
#include "restate/trued_up.h"

/* An event of a restatement, and all that it should follow from. */
struct claim {
	char id[ID_TEXT_MAX];
	const struct event *event;
	const struct list *commissions;
	const struct restated_part *parts;
	size_t part_count;
	struct event of;
	const struct replay_run *run;
	const struct restate *sum; /* the same, found again */
};

static const struct restate_part *find(const struct restate *s, const struct restated_part *p)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->parts[i].partner_id == p->partner_id && (int64_t)s->parts[i].kind == p->kind
		    && s->parts[i].currency == p->currency)
			return &s->parts[i];
	return NULL;
}

static void check_part(struct verify *v, const struct claim *k, const struct restated_part *p)
{
	const struct restate_part *found = find(k->sum, p);
	int64_t is = found ? restate_target(found) : 0, was = found ? found->left_minor : 0;
	int64_t before = found ? found->before_minor : 0;

	if (is != p->is_minor || was != p->was_minor || before != p->before_minor)
		verify_found(v, "%s: restates %lld (after %lld) to %lld, a recount gives %lld (after"
		             " %lld) to %lld", k->id, (long long)p->was_minor,
		             (long long)p->before_minor, (long long)p->is_minor, (long long)was,
		             (long long)before, (long long)is);
}

/* Whatever comes out differently is among the parts. */
static void check_complete(struct verify *v, const struct claim *k)
{
	size_t different = 0;

	for (size_t i = 0; i < k->sum->count; i++)
		different += restate_difference(&k->sum->parts[i]) != 0;
	if (different != k->part_count)
		verify_found(v, "%s: restates %zu commissions, a recount gives %zu", k->id,
		             k->part_count, different);
}

static void check_commission(struct verify *v, const struct claim *k,
                             const struct restated_part *p, const struct commission *m)
{
	char id[ID_TEXT_MAX];
	int64_t amount = p->is_minor - p->was_minor - p->before_minor;

	verify_id(ID_COMMISSION, m->id, id);
	if (m->amount != amount || !str_is(m->currency, p->currency->code))
		verify_found(v, "%s: its restatement comes to %lld %s, not %lld %.*s", id,
		             (long long)amount, p->currency->code, (long long)m->amount,
		             STR_ARG(m->currency));
	if (m->partner_id != p->partner_id || m->kind != p->kind)
		verify_found(v, "%s: its restatement is for somebody else", id);
	if (m->campaign_id != k->event->campaign_id || m->customer_id != 0 || m->base != 0
	    || m->occurred_at != k->event->occurred_at)
		verify_found(v, "%s: does not repeat what its event says", id);
}

enum { POSTED, TIMES };

static void check_commissions(struct replay *r, const struct claim *k)
{
	const struct commission *all = k->commissions->items;
	struct verify *v = r->v;
	size_t made = 0;

	for (size_t i = 0; i < k->commissions->count; i++) {
		struct tally *t = tally_get(r->restated, k->run->run.id, all[i].partner_id);

		tally_add(t, POSTED, all[i].amount);
		tally_add(t, TIMES, 1);
	}

	for (size_t i = 0; i < k->part_count; i++) {
		if (k->parts[i].stopped)
			continue;
		if (made < k->commissions->count)
			check_commission(v, k, &k->parts[i], &all[made]);
		made++;
	}
	if (made != k->commissions->count)
		verify_found(v, "%s: restates for %zu commissions, but %zu are there", k->id, made,
		             k->commissions->count);
}

/* The event is one that the run is about, and says of it what is true. */
static void check_event(struct verify *v, const struct claim *k)
{
	const struct restatement *r = &k->run->run;

	bool about = restatement_covers(r, &k->of)
	             || trued_up_void(r, &k->of, trued_up_period(k->of.external_id));

	if (!about || k->event->campaign_id != k->of.campaign_id)
		verify_found(v, "%s: restates an event that its run is not about", k->id);
	if (r->status != RESTATEMENT_POSTING && r->status != RESTATEMENT_POSTED)
		verify_found(v, "%s: its run was never approved", k->id);
}

bool replay_find_run(struct replay *r, int64_t id, struct replay_run **out)
{
	struct replay_run *run = r->runs;

	while (run && run->run.id != id)
		run = run->next;
	*out = run;
	if (run)
		return true;
	run = ARENA_NEW(r->lasting.arena, struct replay_run);
	if (!restatement_get(&r->lasting, id, &run->run)
	    || !restatement_terms(&r->lasting, &run->run, &run->terms)) {
		r->v->c->err = r->lasting.err;
		fail_clear(&r->lasting);
		return false;
	}
	run->next = r->runs;
	*out = r->runs = run;
	return true;
}

static bool read_claim(struct replay *r, struct claim *k)
{
	struct restated x = { .event = &k->of, .before_id = k->event->id };
	struct restated_part *parts;
	struct ctx *c = r->v->c;
	struct replay_run *run;
	int64_t run_id;

	if (!restated_read(c, k->event->inputs, &run_id, &parts, &k->part_count)
	    || !replay_find_run(r, run_id, &run) || !event_get(c, k->event->related_id, &k->of))
		return false;
	k->run = run;
	x.run = &k->run->run;
	x.terms = k->run->terms;
	if (!restated_judge(c, &x))
		return false;
	k->parts = parts;
	k->sum = x.sum;
	return true;
}

static const struct sql SQL_LINES = {
	.text = "SELECT run_id, partner_id, CAST(SUM(posted) AS BIGINT),"
	        " CAST(SUM(adjustments) AS BIGINT) FROM restatement_line WHERE org_id = $1"
	        " GROUP BY run_id, partner_id ORDER BY run_id, partner_id",
};

static void check_line(struct verify *v, const struct tally *t)
{
	char id[ID_TEXT_MAX];

	if (t->said[POSTED] == t->found[POSTED] && t->said[TIMES] == t->found[TIMES])
		return;
	verify_id(ID_RESTATEMENT, t->a, id);
	verify_found(v, "%s: says it posted %lld in %lld adjustments, there are %lld in %lld", id,
	             (long long)t->said[POSTED], (long long)t->said[TIMES],
	             (long long)t->found[POSTED], (long long)t->found[TIMES]);
}

bool replay_check_lines(struct replay *r)
{
	struct rows rows;
	struct tally *t;

	replay_pass_stood(r, INT64_MAX);
	if (!db_query(r->v->c, &SQL_LINES, NO_ARGS, &rows))
		return false;
	for (size_t i = 0; i < rows.count; i++) {
		t = tally_get(r->restated, rows_int(&rows, i, 0), rows_int(&rows, i, 1));
		t->said[POSTED] = rows_int(&rows, i, 2);
		t->said[TIMES] = rows_int(&rows, i, 3);
	}
	for (size_t i = 0; (t = tally_at(r->restated, i)); i++)
		check_line(r->v, t);
	return true;
}

bool replay_restated(struct replay *r, const struct event *e, const struct list *commissions)
{
	struct claim k = { .event = e, .commissions = commissions };
	struct ctx *c = r->v->c;

	id_format(ID_EVENT, e->id, k.id);
	if (!read_claim(r, &k)) {
		if (c->err.code == ERR_STORAGE)
			return false;
		fail_clear(c);
		verify_found(r->v, "%s: what it restates cannot be read", k.id);
		return true;
	}
	check_event(r->v, &k);
	for (size_t i = 0; i < k.part_count; i++)
		check_part(r->v, &k, &k.parts[i]);
	check_complete(r->v, &k);
	check_commissions(r, &k);
	return true;
}

const struct sql *const verify_restated_sql[] = { &SQL_LINES, NULL };
