/* SPDX-License-Identifier: Apache-2.0 */
#include "commission/commission.h"

#include "base/check.h"
#include "base/id.h"
#include "data/json_out.h"
#include "ledger/ledger.h"
#include "outbox/outbox.h"
#include "rules/input.h"
#include "rules/names.h"

const char *const commission_status_names[] = {
	[COMMISSION_PENDING] = "pending",   [COMMISSION_APPROVED] = "approved",
	[COMMISSION_PAID] = "paid",         [COMMISSION_HELD] = "held",
	[COMMISSION_REJECTED] = "rejected", [COMMISSION_REVERSED] = "reversed",
	NULL,
};

const char *const commission_kind_names[] = { "own", "override", "recruiting", NULL };

static const struct field fields[] = {
	FIELD(struct commission, id, .flags = OUT, .as = AS_ID, .id = ID_COMMISSION),
	FIELD(struct commission, event_id, .json = "event", .flags = OUT, .as = AS_ID,
	      .id = ID_EVENT),
	FIELD(struct commission, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct commission, campaign_id, .json = "campaign", .flags = OUT, .as = AS_ID,
	      .id = ID_CAMPAIGN),
	FIELD(struct commission, customer_id, .json = "customer", .flags = OUT | NULLABLE,
	      .as = AS_ID, .id = ID_CUSTOMER),
	FIELD(struct commission, terms_id, .json = "terms", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_TERMS),
	FIELD(struct commission, kind, .flags = OUT, .as = AS_ENUM, .names = commission_kind_names),
	FIELD(struct commission, status, .flags = OUT, .as = AS_ENUM,
	      .names = commission_status_names),
	FIELD(struct commission, first_status, .flags = 0),
	FIELD(struct commission, holds, .flags = 0),
	FIELD(struct commission, held_by, .flags = 0),
	FIELD(struct commission, currency, .flags = OUT | UPPER),
	FIELD(struct commission, amount, .flags = OUT | MONEY_ONLY),
	FIELD(struct commission, base, .flags = OUT | MONEY_ONLY),
	FIELD(struct commission, reversed, .flags = OUT | MONEY_ONLY),
	FIELD(struct commission, allocated, .flags = 0),
	FIELD(struct commission, open, .flags = 0),
	FIELD(struct commission, payout_id, .json = "payout", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PAYOUT),
	FIELD(struct commission, occurred_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct commission, matures_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct commission, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct commission, explanation, .flags = OUT | MONEY_ONLY, .as = AS_JSON),
};

const struct model commission_model = MODEL("commission", fields);

/* Is it owed already, so that what is taken back comes from payable? */
static bool matured(const struct commission *m)
{
	return m->status == COMMISSION_APPROVED || m->status == COMMISSION_PAID;
}

static int64_t rest(const struct commission *m)
{
	return m->amount - m->reversed;
}

/* Post one movement about a commission. */
static bool post(struct ctx *c, struct entry *e, struct leg debit, struct leg credit,
                 int64_t amount)
{
	entry_move(e, debit, credit, amount);
	return ledger_post(c, e);
}

/* Below zero the other way round. */
static bool post_signed(struct ctx *c, struct entry *e, struct leg debit, struct leg credit,
                        int64_t amount)
{
	return amount > 0 ? post(c, e, debit, credit, amount) : post(c, e, credit, debit, -amount);
}

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO commission (org_id, id, event_id, partner_id, campaign_id, customer_id,"
	        " terms_id, kind, status, first_status, currency, amount, base, reversed, allocated,"
	        " open, payout_id, occurred_at, matures_at, created_at, explanation, holds, held_by)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, 0, 0, $14,"
	        " $15, $16, $17, $18, 0)",
	.late = "commission",
	.late_key = 2,
};

static bool store(struct ctx *c, const struct commission *m)
{
	return db_exec(c, &SQL_INSERT,
	               ARGS(val_int(m->id), val_int(m->event_id), val_int(m->partner_id),
	                    val_int(m->campaign_id), val_int(m->customer_id), val_int(m->terms_id),
	                    val_int(m->kind), val_int(m->status), val_int(m->first_status),
	                    val_str(m->currency), val_int(m->amount), val_int(m->base),
	                    val_int(m->occurred_at), val_int(m->matures_at),
	                    val_int(m->created_at), val_str(m->explanation),
	                    val_int(m->holds)));
}

bool commission_create(struct ctx *c, struct commission *m)
{
	CHECK(m->partner_id > 0 && m->event_id > 0);
	m->id = id_new();
	m->created_at = c->now_ms;
	m->first_status = m->status;
	m->reversed = m->allocated = m->payout_id = m->held_by = 0;
	CHECK((m->status == COMMISSION_HELD) == (m->holds != 0));
	m->open = false;
	if (!store(c, m))
		return false;

	struct entry e = { .kind = LEDGER_ACCRUE, .commission_id = m->id, .at = m->occurred_at };

	if (m->amount != 0
	    && !post_signed(c, &e, leg_org(ACCOUNT_COMMISSION_EXPENSE, m->currency),
	                    leg_partner(ACCOUNT_PENDING, m->partner_id, m->currency), m->amount))
		return false;
	return outbox_post(c, OUTBOX_COMMISSION_CREATED, m->id);
}

bool commission_get(struct ctx *c, int64_t id, struct commission *out)
{
	return db_get_id(c, &commission_model, id, out);
}

static const struct sql SQL_OF_EVENT = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND event_id = $2 ORDER BY id",
	.model = &commission_model,
};

bool commission_of_event(struct ctx *c, int64_t event_id, struct list *out)
{
	return db_list(c, &SQL_OF_EVENT, ARGS(val_int(event_id)), sizeof(struct commission), out);
}

static const struct sql SQL_STATE = {
	.text = "UPDATE commission SET status = $3, reversed = $4, allocated = $5, open = $6,"
	        " payout_id = $7, holds = $8, held_by = $9 WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, struct commission *m)
{
	bool nothing_left = m->amount > 0 && rest(m) == 0 && m->allocated == 0;

	if (nothing_left && m->status != COMMISSION_REJECTED)
		m->status = COMMISSION_REVERSED;
	m->open = matured(m) && rest(m) != m->allocated
	          && (m->holds == 0 || rest(m) < m->allocated);
	return db_exec(c, &SQL_STATE,
	               ARGS(val_int(m->id), val_int(m->status), val_int(m->reversed),
	                    val_int(m->allocated), val_int(m->open), val_int(m->payout_id),
	                    val_int(m->holds), val_int(m->held_by)));
}

/* Something is left again of one of which nothing was: it is what it was before. */
static bool revive(struct ctx *c, struct commission *m)
{
	int64_t matured_by, held_by;

	if (!ledger_last(c, m->id, LEDGER_MATURE, &matured_by)
	    || !ledger_last(c, m->id, LEDGER_HOLD, &held_by))
		return false;
	m->status = matured_by > held_by ? COMMISSION_APPROVED
	            : m->holds           ? COMMISSION_HELD
	                                 : COMMISSION_PENDING;
	return true;
}

/* What is owed and in no payout becomes pending again, and waits. */
static bool hold_owed(struct ctx *c, struct commission *m)
{
	struct entry e = { .kind = LEDGER_HOLD, .commission_id = m->id, .cause_id = m->held_by,
		           .at = c->now_ms };

	if (m->holds == 0 || m->status != COMMISSION_APPROVED || m->allocated != 0
	    || rest(m) <= 0)
		return true;
	m->status = COMMISSION_HELD;
	return post(c, &e, leg_partner(ACCOUNT_PAYABLE, m->partner_id, m->currency),
	            leg_partner(ACCOUNT_PENDING, m->partner_id, m->currency), rest(m));
}

/* Take more back, or, `amount` below zero, give back. */
static bool post_reversal(struct ctx *c, struct commission *m, int64_t amount, int64_t cause_id)
{
	struct entry e = { .kind = amount > 0 ? LEDGER_REVERSE : LEDGER_REPOST,
		           .commission_id = m->id, .cause_id = cause_id, .at = c->now_ms };
	struct leg partner = leg_partner(matured(m) ? ACCOUNT_PAYABLE : ACCOUNT_PENDING,
	                                 m->partner_id, m->currency);
	struct leg expense = leg_org(ACCOUNT_COMMISSION_EXPENSE, m->currency);

	if (amount > 0)
		return post(c, &e, partner, expense, amount);
	return ledger_last(c, m->id, LEDGER_REVERSE, &e.corrects_id)
	       && post(c, &e, expense, partner, -amount);
}

bool commission_reverse_to(struct ctx *c, struct commission *m, int64_t target, int64_t cause_id)
{
	int64_t amount = target - m->reversed;

	CHECK(target >= 0 && target <= m->amount);
	if (amount == 0)
		return true;
	if (m->status == COMMISSION_REVERSED && !revive(c, m))
		return false;
	if (!post_reversal(c, m, amount, cause_id))
		return false;
	m->reversed = target;
	return hold_owed(c, m) && save(c, m)
	    && outbox_post(c, m->status == COMMISSION_REJECTED ? OUTBOX_COMMISSION_REJECTED
	                      : amount > 0                     ? OUTBOX_COMMISSION_REVERSED
	                                                       : OUTBOX_COMMISSION_RESTORED,
	                   m->id);
}

static const struct sql SQL_REVERSED = {
	.text = "SELECT CAST(SUM(ledger_leg.debit - ledger_leg.credit) AS BIGINT) FROM ledger_entry"
	        " JOIN ledger_leg ON ledger_leg.org_id = ledger_entry.org_id"
	        " AND ledger_leg.entry_id = ledger_entry.id"
	        " WHERE ledger_entry.org_id = $1 AND ledger_entry.commission_id = $2"
	        " AND ledger_entry.kind IN (2, 7) AND ledger_entry.id < $3"
	        " AND ledger_leg.partner_id = $4",
};

_Static_assert(LEDGER_REVERSE == 2 && LEDGER_REPOST == 7, "the kinds in the statement above");

bool commission_reversed_before(struct ctx *c, const struct commission *m, int64_t before_id,
                                int64_t *out_minor)
{
	return db_int(c, &SQL_REVERSED,
	              ARGS(val_int(m->id), val_int(before_id), val_int(m->partner_id)), out_minor);
}

static const struct field rejection_fields[] = {
	FIELD(struct rejection, entry_id, .flags = 0),
	FIELD(struct rejection, customer_id, .flags = 0),
	FIELD(struct rejection, event_id, .flags = 0),
};

static const struct model rejection_model = MODEL("ledger_entry", rejection_fields);

static const struct sql SQL_REJECTIONS = {
	.text = "SELECT ledger_entry.id AS entry_id, commission.customer_id, commission.event_id"
	        " FROM ledger_entry JOIN commission ON commission.org_id = ledger_entry.org_id"
	        " AND commission.id = ledger_entry.commission_id"
	        " WHERE ledger_entry.org_id = $1 AND ledger_entry.id > $2 AND ledger_entry.id <= $3"
	        " AND ledger_entry.kind = 2 AND ledger_entry.cause_id = 0 ORDER BY ledger_entry.id",
	.model = &rejection_model,
};

bool commission_rejections(struct ctx *c, int64_t after_id, int64_t to_id, struct list *out)
{
	return db_list(c, &SQL_REJECTIONS, ARGS(val_int(after_id), val_int(to_id)),
	               sizeof(struct rejection), out);
}

/* It is held now and was not before, or the other way round. */
static bool tell_held(struct ctx *c, const struct commission *m, int64_t before)
{
	bool was = before == COMMISSION_HELD, is = m->status == COMMISSION_HELD;

	return was == is
	    || outbox_post(c, is ? OUTBOX_COMMISSION_HELD : OUTBOX_COMMISSION_RELEASED, m->id);
}

bool commission_dispute(struct ctx *c, struct commission *m, bool disputed, int64_t cause_id)
{
	int64_t before = m->status;

	if (disputed == ((m->holds & HOLD_DISPUTED) != 0) || m->status == COMMISSION_REJECTED)
		return true;
	m->holds ^= HOLD_DISPUTED;
	if (disputed) {
		m->held_by = cause_id;
		if (m->status == COMMISSION_PENDING)
			m->status = COMMISSION_HELD;
		return hold_owed(c, m) && save(c, m) && tell_held(c, m, before);
	}
	if (m->status == COMMISSION_HELD && m->holds == 0)
		m->status = COMMISSION_PENDING;
	return save(c, m) && tell_held(c, m, before);
}

bool commission_approve(struct ctx *c, struct commission *m)
{
	if (m->status != COMMISSION_PENDING)
		return fail(c, ERR_STATE, "status",
		            "only a pending commission can be approved; this one is %s",
		            commission_status_names[m->status]);
	if (rest(m) != 0) {
		/* it matures once more for each event that held it */
		struct entry e = { .kind = LEDGER_MATURE, .commission_id = m->id,
			           .cause_id = m->held_by, .at = c->now_ms };

		if (!post_signed(c, &e, leg_partner(ACCOUNT_PENDING, m->partner_id, m->currency),
		                 leg_partner(ACCOUNT_PAYABLE, m->partner_id, m->currency),
		                 rest(m)))
			return false;
	}
	m->status = COMMISSION_APPROVED;
	return save(c, m) && outbox_post(c, OUTBOX_COMMISSION_APPROVED, m->id);
}

static bool change_status(struct ctx *c, struct commission *m, int64_t from, int64_t to)
{
	if (m->status != from)
		return fail(c, ERR_STATE, "status", "this needs a %s commission; this one is %s",
		            commission_status_names[from], commission_status_names[m->status]);
	m->status = to;
	return save(c, m) && tell_held(c, m, from);
}

bool commission_hold(struct ctx *c, struct commission *m)
{
	if (m->amount < 0)
		return fail(c, ERR_STATE, "status", "what is taken back cannot be held");
	m->holds |= HOLD_REVIEW;
	return change_status(c, m, COMMISSION_PENDING, COMMISSION_HELD);
}

bool commission_release(struct ctx *c, struct commission *m)
{
	if (m->status == COMMISSION_HELD && (m->holds & HOLD_DISPUTED))
		return fail(c, ERR_STATE, "status",
		            "the payment is disputed: it is released when the dispute is won");
	m->holds = 0;
	return change_status(c, m, COMMISSION_HELD, COMMISSION_PENDING);
}

bool commission_reject(struct ctx *c, struct commission *m)
{
	if (m->amount < 0)
		return fail(c, ERR_STATE, "status", "what is taken back cannot be rejected");
	if (m->status != COMMISSION_PENDING && m->status != COMMISSION_HELD)
		return fail(c, ERR_STATE, "status", "a %s commission cannot be rejected",
		            commission_status_names[m->status]);
	m->status = COMMISSION_REJECTED;
	if (rest(m) == 0)
		return save(c, m) && outbox_post(c, OUTBOX_COMMISSION_REJECTED, m->id);
	return commission_reverse_to(c, m, m->amount, 0);
}

/*
 * Not "status = 0", which SQLite finds by the index of all statuses, and then sorts whatever waits for each
 * page of it.
 */
static const struct sql SQL_DUE = {
	.text = "SELECT @columns FROM commission"
	        " WHERE org_id = $1 AND status <= 0 AND matures_at <= $2"
	        " ORDER BY matures_at LIMIT $3",
	.model = &commission_model,
};

bool commission_mature_due(struct ctx *c, int64_t most, bool *out_more)
{
	struct list due;

	if (!db_list(c, &SQL_DUE, ARGS(val_int(c->now_ms), val_int(most)),
	             sizeof(struct commission), &due))
		return false;
	for (size_t i = 0; i < due.count; i++)
		if (!commission_approve(c, (struct commission *)due.items + i))
			return false;
	*out_more = due.count == (size_t)most;
	return true;
}

bool commission_allocate(struct ctx *c, struct commission *m, int64_t amount, int64_t payout_id)
{
	CHECK(matured(m) || m->allocated != 0 || m->reversed == m->amount);
	m->allocated += amount;
	m->payout_id = payout_id;
	/* a payout that netted a debt has failed: the debt is there again */
	if (m->status == COMMISSION_REVERSED && m->allocated != 0 && !revive(c, m))
		return false;
	return hold_owed(c, m) && save(c, m);
}

bool commission_settle(struct ctx *c, struct commission *m)
{
	if (m->status != COMMISSION_APPROVED || rest(m) != m->allocated)
		return save(c, m);
	m->status = COMMISSION_PAID;
	return save(c, m) && outbox_post(c, OUTBOX_COMMISSION_PAID, m->id);
}

static const struct sql SQL_HELD_BY = {
	.text = "SELECT partner_id, currency, CAST(SUM(amount - reversed) AS BIGINT) AS held"
	        " FROM commission WHERE org_id = $1 AND partner_id = $2 AND status = 3"
	        " GROUP BY partner_id, currency",
};

static const struct sql SQL_HELD = {
	.text = "SELECT partner_id, currency, CAST(SUM(amount - reversed) AS BIGINT) AS held"
	        " FROM commission WHERE org_id = $1 AND status = 3"
	        " GROUP BY partner_id, currency",
};

bool commission_held(struct ctx *c, int64_t partner_id, struct rows *out)
{
	if (partner_id)
		return db_query(c, &SQL_HELD_BY, ARGS(val_int(partner_id)), out);
	return db_query(c, &SQL_HELD, NO_ARGS, out);
}

void commission_put_holds(struct buf *b, int64_t holds)
{
	jw_array(b);
	for (int64_t i = 0; i < HOLD_BITS; i++)
		if (holds >> i & 1)
			jw_str(b, str_from(hold_names[i]));
	jw_array_end(b);
}

const struct sql *const commission_sql[] = {
	&SQL_INSERT, &SQL_OF_EVENT, &SQL_REVERSED, &SQL_REJECTIONS, &SQL_STATE, &SQL_DUE,
	&SQL_HELD_BY, &SQL_HELD, NULL,
};
