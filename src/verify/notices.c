/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/notices.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "data/json.h"
#include "event/about.h"
#include "rules/counters.h"
#include "rules/dispute.h"
#include "rules/input.h"

static const struct field refunded_fields[] = {
	FIELD(struct refunded, sale_id, .flags = 0),
	FIELD(struct refunded, event_id, .flags = 0),
	FIELD(struct refunded, amount, .flags = 0),
	FIELD(struct refunded, at, .flags = 0),
};

static const struct model refunded_model = MODEL("sale_refund", refunded_fields);

static const struct sql SQL_REFUNDS = {
	.text = "SELECT @columns FROM sale_refund WHERE org_id = $1"
	        " AND (sale_id, event_id) > ($2, $3) ORDER BY sale_id, event_id LIMIT $4",
	.whole = true,
	.model = &refunded_model,
};

static const struct field told_fields[] = {
	FIELD(struct told, sale_id, .flags = 0),      FIELD(struct told, event_id, .flags = 0),
	FIELD(struct told, state, .flags = 0),        FIELD(struct told, amount, .flags = 0),
	FIELD(struct told, at, .flags = 0),           FIELD(struct told, event_amount, .flags = 0),
	FIELD(struct told, event_at, .flags = 0),     FIELD(struct told, dispute, .flags = 0),
	FIELD(struct told, facts, .flags = 0),
};

static const struct model told_model = MODEL("sale_dispute", told_fields);

#define DISPUTES \
	"SELECT d.sale_id, d.event_id, d.dispute, d.state, d.amount, d.at," \
	" COALESCE(e.facts, '') AS facts, COALESCE(e.amount, -1) AS event_amount," \
	" COALESCE(e.occurred_at, 0) AS event_at FROM sale_dispute d" \
	" LEFT JOIN event e ON e.org_id = d.org_id AND e.id = d.event_id AND e.type = 10" \
	" WHERE d.org_id = $1"

static const struct sql SQL_DISPUTES = {
	.text = DISPUTES " AND (d.sale_id, d.event_id) > ($2, $3)"
	                 " ORDER BY d.sale_id, d.event_id LIMIT $4",
	.model = &told_model,
};

static const struct sql SQL_DISPUTES_OF = {
	.text = DISPUTES " AND d.sale_id = $2 ORDER BY d.event_id",
	.model = &told_model,
};

_Static_assert(EVENT_CHURN == 4 && EVENT_DISPUTE == 10, "the types in the statements");

bool notices_begin(struct notices *n, struct verify *v)
{
	*n = (struct notices){ .v = v };
	return cursor_open(&n->refund_rows, v->c, &SQL_REFUNDS, 2)
	    && cursor_open(&n->dispute_rows, v->c, &SQL_DISPUTES, 2)
	    && cursor_next(&n->refund_rows, &n->next_refund, &n->more_refunds)
	    && cursor_next(&n->dispute_rows, &n->next_dispute, &n->more_disputes);
}

void notices_end(struct notices *n)
{
	cursor_close(&n->refund_rows);
	cursor_close(&n->dispute_rows);
}

static void over_refunded(struct verify *v, int64_t sale_id, int64_t refunded, int64_t amount)
{
	char id[ID_TEXT_MAX];

	verify_id(ID_EVENT, sale_id, id);
	verify_found(v, "%s: more is refunded than was sold (%lld, %lld)", id,
	             (long long)refunded, (long long)amount);
}

static bool take_refunds(struct replay *r, struct notices *n, const struct event *e)
{
	struct refunded *all = NULL;
	int64_t sum = 0;
	size_t room = 0;

	while (n->more_refunds && n->next_refund.sale_id == e->id) {
		struct refunded *f = &n->next_refund;

		all = arena_grow(n->v->c->arena, all, sizeof(*all), n->refunds.count, &room);
		all[n->refunds.count++] = *f;
		n->refunds.items = all;
		if (__builtin_add_overflow(sum, f->amount, &sum))
			sum = INT64_MAX;
		if (f->event_id > e->id)
			*recount_refund(r->recount, e->id, f->event_id) =
			        (struct recount_refund){ f->amount, true };
		if (!cursor_next(&n->refund_rows, f, &n->more_refunds))
			return false;
	}
	if (n->refunds.count > 0 && sum > about_whole(e))
		over_refunded(n->v, e->id, sum, about_whole(e));
	return true;
}

/* Texts go with the next row. */
static bool take_disputes(struct notices *n, int64_t event_id)
{
	struct arena *a = n->v->c->arena;
	struct told *all = NULL;
	size_t room = 0;

	while (n->more_disputes && n->next_dispute.sale_id == event_id) {
		struct told *t = &n->next_dispute;

		t->dispute = arena_str(a, t->dispute);
		t->facts = arena_str(a, t->facts);
		all = arena_grow(a, all, sizeof(*all), n->disputes.count, &room);
		all[n->disputes.count++] = *t;
		n->disputes.items = all;
		if (!cursor_next(&n->dispute_rows, t, &n->more_disputes))
			return false;
	}
	return true;
}

/* Refunds and disputes of what is not there, up to this event. */
static bool pass_orphans(struct notices *n, int64_t event_id)
{
	while (n->more_refunds && n->next_refund.sale_id < event_id) {
		over_refunded(n->v, n->next_refund.sale_id, n->next_refund.amount, 0);
		if (!cursor_next(&n->refund_rows, &n->next_refund, &n->more_refunds))
			return false;
	}
	while (n->more_disputes && n->next_dispute.sale_id < event_id)
		if (!cursor_next(&n->dispute_rows, &n->next_dispute, &n->more_disputes))
			return false;
	return true;
}

bool notices_of(struct replay *r, struct notices *n, const struct event *e)
{
	n->refunds = n->disputes = (struct list){ 0 };
	return pass_orphans(n, e->id) && take_refunds(r, n, e) && take_disputes(n, e->id);
}

bool notices_rest(struct notices *n)
{
	return pass_orphans(n, INT64_MAX);
}

/* A customer left. */
struct left {
	int64_t customer_id, occurred_at;
};

static const struct field left_fields[] = {
	FIELD(struct left, customer_id, .flags = 0),
	FIELD(struct left, occurred_at, .flags = 0),
};

static const struct model left_model = MODEL("event", left_fields);

static const struct sql SQL_CHURNS = {
	.text = "SELECT @columns FROM event WHERE org_id = $1 AND type = 4"
	        " ORDER BY customer_id, occurred_at",
	.model = &left_model,
};

bool notices_churns(struct replay *r)
{
	return db_list(&r->lasting, &SQL_CHURNS, NO_ARGS, sizeof(struct left), &r->churns);
}

/* When the customer of an event left for the first time after it; 0: it has not. */
static int64_t churned(const struct replay *r, const struct event *e)
{
	const struct left *all = r->churns.items;
	size_t low = 0, high = r->churns.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct left *l = &all[middle];

		if (l->customer_id < e->customer_id
		    || (l->customer_id == e->customer_id && l->occurred_at < e->occurred_at))
			low = middle + 1;
		else
			high = middle;
	}
	if (e->customer_id == 0 || low == r->churns.count || all[low].customer_id != e->customer_id)
		return 0;
	return all[low].occurred_at;
}

/* What is known of a sale's disputes by those of its notices that came up to some event. */
static size_t fold(struct ctx *c, const struct list *told, int64_t until,
                   struct dispute_fact **out)
{
	struct dispute_notice *all = ARENA_ARRAY(c->arena, struct dispute_notice, told->count + 1);
	size_t count = 0;

	*out = ARENA_ARRAY(c->arena, struct dispute_fact, told->count + 1);
	for (size_t i = 0; i < told->count; i++) {
		const struct told *t = (const struct told *)told->items + i;

		if (t->event_id > until || t->amount < 0 || t->state < DISPUTE_OPEN
		    || t->state > DISPUTE_LOST)
			continue;
		all[count++] = (struct dispute_notice){ .dispute = t->dispute,
			                                .state = (enum dispute_state)t->state,
			                                .amount_minor = t->amount,
			                                .at_ms = t->at };
	}
	return dispute_fold(all, count, *out);
}

static void check_one(struct replay *r, const struct replayed *e, const struct commission *m,
                      const struct reverse_facts *facts)
{
	struct earned was = { .amount_minor = m->amount,
		              .occurred_at_ms = m->occurred_at,
		              .sale_minor = about_whole(e->event) };
	struct adjustment a;
	char id[ID_TEXT_MAX];
	bool disputed;

	if (m->amount <= 0 || m->id <= 0)
		return;
	reverse(e->terms, &was, facts, &a);
	if (m->status == COMMISSION_REJECTED)
		a.target_minor = m->amount;
	disputed = m->status == COMMISSION_REJECTED ? a.hold : (m->holds & HOLD_DISPUTED) != 0;
	if (m->reversed == a.target_minor && disputed == a.hold)
		return;
	id_format(ID_COMMISSION, m->id, id);
	if (disputed != a.hold)
		verify_found(r->v, "%s: it is %sheld as disputed, its disputes say otherwise", id,
		             a.hold ? "not " : "");
	if (m->reversed != a.target_minor)
		verify_found(r->v, "%s: what is known takes back %lld, not %lld", id,
		             (long long)a.target_minor, (long long)m->reversed);
}

/* Does a notice say what its event says? */
static void check_told(struct replay *r, const struct told *t)
{
	struct ctx *c = r->v->c;
	char id[ID_TEXT_MAX];
	json_t *doc = NULL;
	bool same = json_read_object(c, t->facts, &doc)
	            && t->state >= DISPUTE_OPEN && t->state <= DISPUTE_LOST
	            && str_eq(json_text(json_object_get(doc, "dispute")), t->dispute)
	            && str_is(json_text(json_object_get(doc, "status")),
	                      dispute_state_names[t->state])
	            && t->amount == t->event_amount && t->at == t->event_at;

	fail_clear(c);
	verify_id(ID_EVENT, t->event_id, id);
	if (!same)
		verify_found(r->v, "%s: the dispute was not applied to its sale as it says", id);
}

void notices_check(struct replay *r, const struct replayed *e, const struct list *commissions,
                   const struct notices *n)
{
	struct arena *arena = r->v->c->arena;
	struct refund_fact *refunds =
	        ARENA_ARRAY(arena, struct refund_fact, n->refunds.count + 1);
	struct dispute_fact *disputes;
	struct reverse_facts facts = { .refunds = refunds, .refund_count = n->refunds.count,
		                       .churned_at_ms = churned(r, e->event) };

	for (size_t i = 0; i < n->disputes.count; i++)
		check_told(r, (const struct told *)n->disputes.items + i);
	for (size_t i = 0; i < n->refunds.count; i++) {
		const struct refunded *f = (const struct refunded *)n->refunds.items + i;

		if (f->amount < 0)
			return;
		refunds[i] = (struct refund_fact){ .amount_minor = f->amount, .at_ms = f->at };
	}
	facts.dispute_count = fold(r->v->c, &n->disputes, INT64_MAX, &disputes);
	facts.disputes = disputes;
	for (size_t i = 0; i < commissions->count; i++)
		check_one(r, e, (const struct commission *)commissions->items + i, &facts);
}

static int64_t gone(const struct recount_sale *s)
{
	int64_t sum = s->refunded + s->lost;

	return sum < 0 ? 0 : sum > s->amount ? s->amount : sum;
}

/* So much of a sale is refunded and lost now: bring what it has counted in line. */
static void lower(struct replay *r, int64_t sale_id, int64_t refunded, int64_t lost)
{
	struct recount_sale *kept = recount_sale(r->recount, sale_id), before = *kept, after;

	kept->refunded = refunded;
	kept->lost = lost;
	after = *kept;
	for (size_t i = 0; i < before.parts; i++) {
		struct recount_part part = *recount_part(r->recount, sale_id, i);
		struct counters was = reverse_counters(&part.added, gone(&before), before.amount);
		struct counters is = reverse_counters(&part.added, gone(&after), after.amount);
		struct standing_change change = {
			.partner_id = part.partner_id,
			.campaign_id = before.campaign_id,
			.month = before.month,
			.counters = counters_less(&was, &is),
		};

		recount_add(r->recount, &change);
	}
}

static void keep(struct replay *r, const struct replayed *e)
{
	const struct standing *s = &e->recall.inputs.standing;

	*recount_sale(r->recount, e->event->id) = (struct recount_sale){
		.amount = about_whole(e->event),
		.campaign_id = e->event->campaign_id,
		.month = e->recall.month,
		.parts = s->credit_count,
	};
	for (size_t i = 0; i < s->credit_count; i++)
		*recount_part(r->recount, e->event->id, i) = (struct recount_part){
			.partner_id = s->credits[i].partner_id,
			.added = accrue_counts(e->terms, &e->recall.inputs.event, e->accrued, i),
		};
}

void notices_waited(struct replay *r, const struct replayed *e, const struct notices *n)
{
	struct dispute_fact *disputes;
	int64_t refunded = 0;
	size_t count;

	if (n->refunds.count == 0 && n->disputes.count == 0)
		return;
	keep(r, e);
	for (size_t i = 0; i < n->refunds.count; i++) {
		const struct refunded *f = (const struct refunded *)n->refunds.items + i;

		if (f->event_id < e->event->id)
			refunded += f->amount;
	}
	count = fold(r->v->c, &n->disputes, e->event->id, &disputes);
	lower(r, e->event->id, refunded,
	      dispute_gone(about_whole(e->event), 0, disputes, count));
}

/* Of what has no amount, all that is left is taken; an uncredited one is not kept in mind. */
static bool says_so(struct replay *r, const struct event *e, int64_t taken)
{
	struct recount_sale of = *recount_sale(r->recount, e->related_id);

	if (e->amount >= 0)
		return taken == e->amount;
	return of.amount > 0 ? taken == of.amount - of.refunded : taken == 0 || taken == 1;
}

static void replay_refund(struct replay *r, const struct event *e)
{
	const struct recount_refund f = *recount_refund(r->recount, e->related_id, e->id);
	char id[ID_TEXT_MAX];

	id_format(ID_EVENT, e->id, id);
	if (!f.applied || !says_so(r, e, f.amount))
		verify_found(r->v, "%s: the refund was not applied to its sale as it says", id);
	if (f.applied) {
		struct recount_sale sale = *recount_sale(r->recount, e->related_id);

		lower(r, e->related_id, sale.refunded + f.amount, sale.lost);
	}
}

static bool replay_dispute(struct replay *r, const struct event *e)
{
	struct recount_sale sale = *recount_sale(r->recount, e->related_id);
	struct dispute_fact *facts;
	struct list told;
	char id[ID_TEXT_MAX];
	bool there = false;
	size_t count;

	if (!db_list(r->v->c, &SQL_DISPUTES_OF, ARGS(val_int(e->related_id)), sizeof(struct told),
	             &told))
		return false;
	for (size_t i = 0; i < told.count; i++)
		there |= ((const struct told *)told.items)[i].event_id == e->id;
	id_format(ID_EVENT, e->id, id);
	if (!there)
		verify_found(r->v, "%s: the dispute was not applied to its sale", id);
	count = fold(r->v->c, &told, e->id, &facts);
	lower(r, e->related_id, sale.refunded, dispute_gone(sale.amount, 0, facts, count));
	return true;
}

bool notices_replay(struct replay *r, const struct event *e)
{
	struct recount_customer *cu;

	if (e->type == EVENT_CHURN) {
		cu = recount_customer(r->recount, e->customer_id);
		if (e->occurred_at > cu->churned_at)
			cu->churned_at = e->occurred_at;
		return true;
	}
	if (e->related_id == 0)
		return true; /* came before what it is about */
	if (e->type == EVENT_DISPUTE)
		return replay_dispute(r, e);
	replay_refund(r, e);
	return true;
}

const struct sql *const notices_sql[] = {
	&SQL_REFUNDS, &SQL_DISPUTES, &SQL_DISPUTES_OF, &SQL_CHURNS, NULL,
};
