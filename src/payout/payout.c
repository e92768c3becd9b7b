/* SPDX-License-Identifier: Apache-2.0 */
#include "payout/payout.h"

#include "base/check.h"
#include "base/id.h"
#include "commission/commission.h"
#include "ledger/ledger.h"
#include "outbox/outbox.h"

const char *const payout_status_names[] = {
	[PAYOUT_DRAFT] = "draft",   [PAYOUT_APPROVED] = "approved", [PAYOUT_PAID] = "paid",
	[PAYOUT_FAILED] = "failed", [PAYOUT_SKIPPED] = "skipped",   [PAYOUT_CANCELED] = "canceled",
	NULL,
};

static const struct field fields[] = {
	FIELD(struct payout, id, .flags = OUT, .as = AS_ID, .id = ID_PAYOUT),
	FIELD(struct payout, run_id, .json = "run", .flags = OUT, .as = AS_ID, .id = ID_RUN),
	FIELD(struct payout, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct payout, currency, .flags = OUT | UPPER),
	FIELD(struct payout, amount, .flags = OUT | MONEY_ONLY),
	FIELD(struct payout, status, .flags = OUT, .as = AS_ENUM, .names = payout_status_names),
	FIELD(struct payout, recipient, .flags = OUT | PERSONAL),
	FIELD(struct payout, reference, .flags = OUT | NULLABLE),
	FIELD(struct payout, reason, .flags = OUT | NULLABLE),
	FIELD(struct payout, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct payout, finished_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model payout_model = MODEL("payout", fields);

static const struct field item_fields[] = {
	FIELD(struct payout_item, payout_id, .json = "payout", .flags = OUT, .as = AS_ID,
	      .id = ID_PAYOUT),
	FIELD(struct payout_item, commission_id, .json = "commission", .flags = OUT, .as = AS_ID,
	      .id = ID_COMMISSION),
	FIELD(struct payout_item, amount, .flags = OUT | MONEY_ONLY),
};

const struct model payout_item_model = MODEL("payout_item", item_fields);

bool payout_create(struct ctx *c, struct payout *p)
{
	p->id = id_new();
	p->created_at = c->now_ms;
	return db_insert(c, &payout_model, p);
}

bool payout_item_create(struct ctx *c, const struct payout_item *item)
{
	CHECK(item->amount != 0);
	return db_insert(c, &payout_item_model, item);
}

bool payout_get(struct ctx *c, int64_t id, struct payout *out)
{
	return db_get_id(c, &payout_model, id, out);
}

static const struct sql SQL_OF_RUN = {
	.text = "SELECT @columns FROM payout WHERE org_id = $1 AND run_id = $2 ORDER BY id",
	.model = &payout_model,
};

bool payout_of_run(struct ctx *c, int64_t run_id, struct list *out)
{
	return db_list(c, &SQL_OF_RUN, ARGS(val_int(run_id)), sizeof(struct payout), out);
}

static const struct sql SQL_ITEMS = {
	.text = "SELECT @columns FROM payout_item WHERE org_id = $1 AND payout_id = $2"
	        " ORDER BY commission_id",
	.model = &payout_item_model,
};

bool payout_items(struct ctx *c, int64_t payout_id, struct list *out)
{
	return db_list(c, &SQL_ITEMS, ARGS(val_int(payout_id)), sizeof(struct payout_item), out);
}

static const struct sql SQL_OF_COMMISSION = {
	.text = "SELECT payout_item.payout_id, payout_item.amount, payout.status"
	        " FROM payout_item JOIN payout ON payout.org_id = payout_item.org_id"
	        " AND payout.id = payout_item.payout_id"
	        " WHERE payout_item.org_id = $1 AND payout_item.commission_id = $2"
	        " ORDER BY payout_item.payout_id",
};

bool payout_of_commission(struct ctx *c, int64_t commission_id, struct rows *out)
{
	return db_query(c, &SQL_OF_COMMISSION, ARGS(val_int(commission_id)), out);
}

static const struct sql SQL_STATE = {
	.text = "UPDATE payout SET status = $3, reference = $4, reason = $5, finished_at = $6"
	        " WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, struct payout *p, int64_t status)
{
	p->status = status;
	if (status != PAYOUT_APPROVED)
		p->finished_at = c->now_ms;
	return db_exec(c, &SQL_STATE,
	               ARGS(val_int(p->id), val_int(p->status), val_str(p->reference),
	                    val_str(p->reason), val_int(p->finished_at)));
}

static bool post(struct ctx *c, const struct payout *p, enum ledger_kind kind)
{
	struct entry e = { .kind = kind, .payout_id = p->id, .at = c->now_ms };
	struct leg payable = leg_partner(ACCOUNT_PAYABLE, p->partner_id, p->currency);
	struct leg clearing = leg_org(ACCOUNT_PAYOUT_CLEARING, p->currency);

	if (kind == LEDGER_PAY)
		entry_move(&e, payable, clearing, p->amount);
	else if (kind == LEDGER_FAIL)
		entry_move(&e, clearing, payable, p->amount);
	else
		entry_move(&e, clearing, leg_org(ACCOUNT_CASH, p->currency), p->amount);
	return ledger_post(c, &e);
}

/*
 * Take one item from its commission, if the commission still is as it was when the draft was made.
 */
static bool take(struct ctx *c, const struct payout *p, const struct payout_item *item)
{
	struct commission m;

	if (!commission_get(c, item->commission_id, &m))
		return false;
	if (!m.open || m.amount - m.reversed - m.allocated != item->amount)
		return fail(c, ERR_STALE, "payouts",
		            "a commission in this run has changed since the draft was made;"
		            " cancel the draft and make a new one");
	return commission_allocate(c, &m, item->amount, p->id);
}

bool payout_approve(struct ctx *c, struct payout *p)
{
	struct list items;
	int64_t sum = 0;

	CHECK(p->status == PAYOUT_DRAFT && p->amount > 0);
	if (!payout_items(c, p->id, &items))
		return false;
	for (size_t i = 0; i < items.count; i++) {
		const struct payout_item *item = (const struct payout_item *)items.items + i;

		sum += item->amount;
		if (!take(c, p, item))
			return false;
	}
	CHECK(sum == p->amount);
	return post(c, p, LEDGER_PAY) && save(c, p, PAYOUT_APPROVED)
	    && outbox_post(c, OUTBOX_PAYOUT_APPROVED, p->id);
}

bool payout_cancel(struct ctx *c, struct payout *p)
{
	if (p->status == PAYOUT_SKIPPED)
		return true;
	CHECK(p->status == PAYOUT_DRAFT);
	return save(c, p, PAYOUT_CANCELED)
	    && outbox_post(c, OUTBOX_PAYOUT_CANCELED, p->id);
}

static bool settle_items(struct ctx *c, const struct payout *p, bool paid)
{
	struct list items;

	if (!payout_items(c, p->id, &items))
		return false;
	for (size_t i = 0; i < items.count; i++) {
		const struct payout_item *item = (const struct payout_item *)items.items + i;
		struct commission m;

		if (!commission_get(c, item->commission_id, &m))
			return false;
		if (paid ? !commission_settle(c, &m)
		         : !commission_allocate(c, &m, -item->amount, p->id))
			return false;
	}
	return true;
}

static bool not_possible(struct ctx *c, const struct payout *p)
{
	return fail(c, ERR_STATE, "status",
	            "this payout is %s; only an approved one takes a result",
	            payout_status_names[p->status]);
}

bool payout_paid(struct ctx *c, struct payout *p, struct str reference)
{
	if (p->status == PAYOUT_PAID)
		return true;
	if (p->status != PAYOUT_APPROVED)
		return not_possible(c, p);
	p->reference = reference;
	return settle_items(c, p, true) && post(c, p, LEDGER_SETTLE) && save(c, p, PAYOUT_PAID)
	    && outbox_post(c, OUTBOX_PAYOUT_PAID, p->id);
}

bool payout_failed(struct ctx *c, struct payout *p, struct str reason)
{
	if (p->status == PAYOUT_FAILED)
		return true;
	if (p->status != PAYOUT_APPROVED)
		return not_possible(c, p);
	p->reason = reason;
	return settle_items(c, p, false) && post(c, p, LEDGER_FAIL) && save(c, p, PAYOUT_FAILED)
	    && outbox_post(c, OUTBOX_PAYOUT_FAILED, p->id);
}

const struct sql *const payout_sql[] = {
	&SQL_OF_RUN, &SQL_ITEMS, &SQL_OF_COMMISSION, &SQL_STATE, NULL,
};
