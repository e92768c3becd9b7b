/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger.h"

#include "base/check.h"
#include "base/id.h"
#include "ledger/balance.h"
#include "ledger/entry_hash.h"

const char *const ledger_account_names[] = {
	[ACCOUNT_PENDING] = "partner_pending",
	[ACCOUNT_PAYABLE] = "partner_payable",
	[ACCOUNT_COMMISSION_EXPENSE] = "commission_expense",
	[ACCOUNT_PAYOUT_CLEARING] = "payout_clearing",
	[ACCOUNT_CASH] = "cash",
	[ACCOUNT_FX] = "fx",
	NULL,
};

const char *const ledger_kind_names[] = {
	[LEDGER_ACCRUE] = "accrue", [LEDGER_MATURE] = "mature", [LEDGER_REVERSE] = "reverse",
	[LEDGER_PAY] = "pay",       [LEDGER_SETTLE] = "settle", [LEDGER_FAIL] = "fail",
	[LEDGER_ADJUST] = "adjust", [LEDGER_REPOST] = "repost", [LEDGER_HOLD] = "hold", NULL,
};

static const struct field entry_fields[] = {
	FIELD(struct entry, id, .flags = OUT, .as = AS_ID, .id = ID_LEDGER),
	FIELD(struct entry, number, .flags = OUT),
	FIELD(struct entry, kind, .flags = OUT, .as = AS_ENUM, .names = ledger_kind_names),
	FIELD(struct entry, commission_id, .json = "commission", .flags = OUT | NULLABLE,
	      .as = AS_ID, .id = ID_COMMISSION),
	FIELD(struct entry, payout_id, .json = "payout", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PAYOUT),
	FIELD(struct entry, cause_id, .json = "cause", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_EVENT),
	FIELD(struct entry, corrects_id, .json = "corrects", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_LEDGER),
	FIELD(struct entry, at, .flags = OUT, .as = AS_TIME),
	FIELD(struct entry, posted_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct entry, previous_hash, .flags = OUT),
	FIELD(struct entry, hash, .flags = OUT),
};

const struct model entry_model = MODEL("ledger_entry", entry_fields);

static const struct field leg_fields[] = {
	FIELD(struct leg, account, .flags = OUT, .as = AS_ENUM, .names = ledger_account_names),
	FIELD(struct leg, partner_id, .json = "partner", .flags = OUT | NULLABLE, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct leg, currency, .flags = OUT),
	FIELD(struct leg, debit, .flags = OUT),
	FIELD(struct leg, credit, .flags = OUT),
};

const struct model leg_model = MODEL("ledger_leg", leg_fields);

struct leg leg_partner(enum ledger_account account, int64_t partner_id, struct str currency)
{
	CHECK(account == ACCOUNT_PENDING || account == ACCOUNT_PAYABLE);
	CHECK(partner_id > 0);
	return (struct leg){ .account = account, .partner_id = partner_id, .currency = currency };
}

struct leg leg_org(enum ledger_account account, struct str currency)
{
	CHECK(account > ACCOUNT_PAYABLE);
	return (struct leg){ .account = account, .currency = currency };
}

void entry_move(struct entry *e, struct leg debit, struct leg credit, int64_t amount)
{
	CHECK(amount > 0);
	CHECK(str_eq(debit.currency, credit.currency));
	CHECK(e->leg_count + 2 <= LEDGER_LEGS_MAX);
	debit.debit = amount;
	credit.credit = amount;
	e->legs[e->leg_count++] = debit;
	e->legs[e->leg_count++] = credit;
}

/* An unbalanced entry is a bug in the caller, never bad input: stop here. */
static void entry_check(const struct entry *e)
{
	CHECK(e->leg_count >= 2);
	for (size_t i = 0; i < e->leg_count; i++) {
		int64_t sum = 0;

		for (size_t k = 0; k < e->leg_count; k++) {
			const struct leg *l = &e->legs[k];

			if (!str_eq(l->currency, e->legs[i].currency))
				continue;
			CHECK(l->debit >= 0 && l->credit >= 0);
			CHECK((l->debit == 0) != (l->credit == 0));
			CHECK(!__builtin_add_overflow(sum, l->debit - l->credit, &sum));
		}
		CHECK(sum == 0);
	}
}

struct str ledger_hash(struct arena *a, int64_t org_id, const struct entry *e)
{
	char *hex = arena_alloc(a, LEDGER_HASH_LENGTH + 1);

	entry_hash(org_id, e, hex);
	return (struct str){ hex, LEDGER_HASH_LENGTH };
}

static const struct sql SQL_HEAD = {
	.text = "SELECT id, number, hash FROM ledger_entry"
	        " WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
};

/* The newest entry, as this thread posted or read it last in the transaction at hand. */
struct head {
	int64_t serial; /* db_serial; another one: it has to be read */
	int64_t id, number;
	char hash[LEDGER_HASH_LENGTH];
};

static _Thread_local struct head head;

static void keep_head(struct ctx *c, int64_t id, int64_t number, struct str hash)
{
	CHECK(hash.n == LEDGER_HASH_LENGTH);
	head = (struct head){ .serial = db_serial(c), .id = id, .number = number };
	memcpy(head.hash, hash.p, LEDGER_HASH_LENGTH);
}

static bool read_head(struct ctx *c)
{
	struct rows r;

	if (head.serial == db_serial(c))
		return true;
	if (!db_query(c, &SQL_HEAD, NO_ARGS, &r))
		return false;
	if (r.count > 0)
		keep_head(c, rows_int(&r, 0, 0), rows_int(&r, 0, 1), rows_str(&r, 0, 2));
	else
		keep_head(c, 0, 0, STR("00000000000000000000000000000000"
		                       "00000000000000000000000000000000"));
	return true;
}

/* Number the entry and link it to the one before it. Ids only grow, whatever the clock does. */
static bool chain(struct ctx *c, struct entry *e)
{
	if (!read_head(c))
		return false;
	e->id = id_new();
	if (e->id <= head.id)
		e->id = head.id + 1;
	e->number = head.number + 1;
	e->previous_hash = arena_str(c->arena, (struct str){ head.hash, LEDGER_HASH_LENGTH });
	e->posted_at = c->now_ms;
	e->hash = ledger_hash(c->arena, c->org_id, e);
	keep_head(c, e->id, e->number, e->hash);
	return true;
}

static const struct sql SQL_INSERT_ENTRY = {
	.text = "INSERT INTO ledger_entry (org_id, id, number, kind, commission_id, payout_id,"
	        " cause_id, corrects_id, at, posted_at, previous_hash, hash)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
	.late = "ledger_entry",
	.late_key = 2,
};

static const struct sql SQL_INSERT_LEG = {
	.text = "INSERT INTO ledger_leg (org_id, entry_id, number, account, partner_id, currency,"
	        " debit, credit) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
	.late = "ledger_leg",
	.late_key = 2,
};

static bool store_leg(struct ctx *c, const struct entry *e, size_t i)
{
	const struct leg *l = &e->legs[i];

	return db_exec(c, &SQL_INSERT_LEG,
	               ARGS(val_int(e->id), val_int((int64_t)i), val_int(l->account),
	                    val_int(l->partner_id), val_str(l->currency), val_int(l->debit),
	                    val_int(l->credit)));
}

bool ledger_post(struct ctx *c, struct entry *e)
{
	entry_check(e);
	if (!chain(c, e))
		return false;
	if (!db_exec(c, &SQL_INSERT_ENTRY,
	             ARGS(val_int(e->id), val_int(e->number), val_int(e->kind),
	                  val_int(e->commission_id), val_int(e->payout_id), val_int(e->cause_id),
	                  val_int(e->corrects_id), val_int(e->at), val_int(e->posted_at),
	                  val_str(e->previous_hash), val_str(e->hash))))
		return false;
	for (size_t i = 0; i < e->leg_count; i++)
		if (!store_leg(c, e, i))
			return false;
	return balance_apply(c, e);
}

static const struct sql SQL_LEGS = {
	.text = "SELECT @columns FROM ledger_leg WHERE org_id = $1 AND entry_id = $2"
	        " ORDER BY number",
	.model = &leg_model,
};

bool ledger_legs(struct ctx *c, struct entry *e)
{
	struct list legs;

	if (!db_list(c, &SQL_LEGS, ARGS(val_int(e->id)), sizeof(struct leg), &legs))
		return false;
	CHECK(legs.count <= LEDGER_LEGS_MAX);
	if (legs.count > 0)
		memcpy(e->legs, legs.items, legs.count * sizeof(struct leg));
	e->leg_count = legs.count;
	return true;
}

static const struct sql SQL_LAST = {
	.text = "SELECT MAX(id) AS id FROM ledger_entry"
	        " WHERE org_id = $1 AND commission_id = $2 AND payout_id = 0 AND kind = $3",
};

bool ledger_last(struct ctx *c, int64_t commission_id, enum ledger_kind kind, int64_t *out_id)
{
	return db_int(c, &SQL_LAST, ARGS(val_int(commission_id), val_int(kind)), out_id);
}

static const struct sql SQL_ABOUT_COMMISSION = {
	.text = "SELECT @columns FROM ledger_entry WHERE org_id = $1 AND commission_id = $2"
	        " ORDER BY id",
	.model = &entry_model,
};

static const struct sql SQL_ABOUT_PAYOUT = {
	.text = "SELECT @columns FROM ledger_entry"
	        " WHERE org_id = $1 AND commission_id = 0 AND payout_id = $2 ORDER BY id",
	.model = &entry_model,
};

bool ledger_about(struct ctx *c, int64_t commission_id, int64_t payout_id, struct list *out)
{
	const struct sql *q = commission_id ? &SQL_ABOUT_COMMISSION : &SQL_ABOUT_PAYOUT;
	int64_t id = commission_id ? commission_id : payout_id;

	CHECK((commission_id == 0) != (payout_id == 0));
	if (!db_list(c, q, ARGS(val_int(id)), sizeof(struct entry), out))
		return false;
	for (size_t i = 0; i < out->count; i++)
		if (!ledger_legs(c, (struct entry *)out->items + i))
			return false;
	return true;
}

const struct sql *const ledger_sql[] = {
	&SQL_HEAD, &SQL_INSERT_ENTRY, &SQL_INSERT_LEG, &SQL_LEGS, &SQL_LAST,
	&SQL_ABOUT_COMMISSION, &SQL_ABOUT_PAYOUT, NULL,
};
