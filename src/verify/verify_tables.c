/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/verify.h"

#include "base/check.h"
#include "base/id.h"

/*
 * Each check is a statement that finds what is wrong: the kind of thing, its id, and two
 * numbers that should be equal. The numbers of accounts, kinds and statuses are those of
 * ledger.h, commission.h and payout.h.
 */

#define SUM_OF(x) "CAST(COALESCE(SUM(" x "), 0) AS BIGINT)"

static const struct sql SQL_ORPHAN_LEG = {
	.text = "SELECT entry_id, debit, credit FROM ledger_leg WHERE org_id = $1"
	        " AND NOT EXISTS (SELECT 1 FROM ledger_entry WHERE ledger_entry.org_id = $1"
	        " AND ledger_entry.id = ledger_leg.entry_id)",
};

/* What the legs say of a partner in a currency, beside what the balance says. */
static const struct sql SQL_PENDING = {
	.text = "SELECT partner_id, " SUM_OF("kept") " AS kept, " SUM_OF("legs") " AS legs FROM ("
	        " SELECT partner_id, currency, pending AS kept, 0 AS legs FROM balance"
	        " WHERE org_id = $1 UNION ALL"
	        " SELECT partner_id, currency, 0, credit - debit FROM ledger_leg"
	        " WHERE org_id = $1 AND account = 0) AS both_sides"
	        " GROUP BY partner_id, currency HAVING SUM(kept) <> SUM(legs)",
};

static const struct sql SQL_PAYABLE = {
	.text = "SELECT partner_id, " SUM_OF("kept") " AS kept, " SUM_OF("legs") " AS legs FROM ("
	        " SELECT partner_id, currency, payable AS kept, 0 AS legs FROM balance"
	        " WHERE org_id = $1 UNION ALL"
	        " SELECT partner_id, currency, 0, credit - debit FROM ledger_leg"
	        " WHERE org_id = $1 AND account = 1) AS both_sides"
	        " GROUP BY partner_id, currency HAVING SUM(kept) <> SUM(legs)",
};

static const struct sql SQL_IN_PAYOUT = {
	.text = "SELECT partner_id, " SUM_OF("kept") " AS kept, " SUM_OF("legs") " AS legs FROM ("
	        " SELECT partner_id, currency, in_payout AS kept, 0 AS legs FROM balance"
	        " WHERE org_id = $1 UNION ALL"
	        " SELECT payout.partner_id, ledger_leg.currency, 0, credit - debit FROM ledger_leg"
	        " JOIN ledger_entry ON ledger_entry.org_id = ledger_leg.org_id"
	        " AND ledger_entry.id = ledger_leg.entry_id"
	        " JOIN payout ON payout.org_id = ledger_entry.org_id"
	        " AND payout.id = ledger_entry.payout_id"
	        " WHERE ledger_leg.org_id = $1 AND account = 3) AS both_sides"
	        " GROUP BY partner_id, currency HAVING SUM(kept) <> SUM(legs)",
};

static const struct sql SQL_PAID = {
	.text = "SELECT partner_id, " SUM_OF("kept") " AS kept, " SUM_OF("legs") " AS legs FROM ("
	        " SELECT partner_id, currency, paid AS kept, 0 AS legs FROM balance"
	        " WHERE org_id = $1 UNION ALL"
	        " SELECT payout.partner_id, ledger_leg.currency, 0, credit - debit FROM ledger_leg"
	        " JOIN ledger_entry ON ledger_entry.org_id = ledger_leg.org_id"
	        " AND ledger_entry.id = ledger_leg.entry_id"
	        " JOIN payout ON payout.org_id = ledger_entry.org_id"
	        " AND payout.id = ledger_entry.payout_id"
	        " WHERE ledger_leg.org_id = $1 AND account = 4) AS both_sides"
	        " GROUP BY partner_id, currency HAVING SUM(kept) <> SUM(legs)",
};

static const struct sql SQL_ITEMS = {
	.text = "SELECT id, amount, items FROM (SELECT id, amount, (SELECT"
	        " CAST(COALESCE(SUM(payout_item.amount), 0) AS BIGINT) FROM payout_item"
	        " WHERE payout_item.org_id = $1 AND payout_item.payout_id = payout.id) AS items"
	        " FROM payout WHERE org_id = $1 AND status <> 4) AS both_sides"
	        " WHERE amount <> items",
};

/* What a payout's entries of one kind moved, beside what its status says they should have. */
#define PAYOUT_CHECK(statuses, kind) \
	"SELECT id, kept, legs FROM (SELECT id," \
	" CASE WHEN status IN " statuses " THEN amount ELSE 0 END AS kept," \
	" (SELECT " SUM_OF("debit") " FROM ledger_entry" \
	" JOIN ledger_leg ON ledger_leg.org_id = ledger_entry.org_id" \
	" AND ledger_leg.entry_id = ledger_entry.id WHERE ledger_entry.org_id = $1" \
	" AND ledger_entry.commission_id = 0 AND ledger_entry.payout_id = payout.id" \
	" AND ledger_entry.kind = " kind ") AS legs" \
	" FROM payout WHERE org_id = $1) AS both_sides WHERE kept <> legs"

static const struct sql SQL_PAY = { .text = PAYOUT_CHECK("(1, 2, 3)", "3") };
static const struct sql SQL_SETTLE = { .text = PAYOUT_CHECK("(2)", "4") };
static const struct sql SQL_FAIL = { .text = PAYOUT_CHECK("(3)", "5") };

static const struct sql SQL_OVER_REFUNDED = {
	.text = "SELECT sale_refund.sale_id, " SUM_OF("sale_refund.amount") " AS refunded, event.amount"
	        " FROM sale_refund LEFT JOIN event ON event.org_id = sale_refund.org_id"
	        " AND event.id = sale_refund.sale_id WHERE sale_refund.org_id = $1"
	        " GROUP BY sale_refund.sale_id, event.amount"
	        " HAVING event.amount IS NULL OR SUM(sale_refund.amount) > event.amount",
};

static const struct check {
	const struct sql *sql;
	enum id_kind kind;
	const char *what;
} checks[] = {
	{ &SQL_ORPHAN_LEG, ID_LEDGER, "a leg belongs to no entry" },
	{ &SQL_PENDING, ID_PARTNER, "pending balance and legs differ" },
	{ &SQL_PAYABLE, ID_PARTNER, "payable balance and legs differ" },
	{ &SQL_IN_PAYOUT, ID_PARTNER, "balance in payouts and legs differ" },
	{ &SQL_PAID, ID_PARTNER, "paid balance and legs differ" },
	{ &SQL_ITEMS, ID_PAYOUT, "amount and items differ" },
	{ &SQL_PAY, ID_PAYOUT, "status and pay entries differ" },
	{ &SQL_SETTLE, ID_PAYOUT, "status and settle entries differ" },
	{ &SQL_FAIL, ID_PAYOUT, "status and fail entries differ" },
	{ &SQL_OVER_REFUNDED, ID_EVENT, "more is refunded than was sold" },
};

static bool run_check(struct verify *v, const struct check *k)
{
	struct rows r;

	arena_reset(v->c->arena);
	if (!db_query(v->c, k->sql, NO_ARGS, &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		char id[ID_TEXT_MAX] = "none";

		if (rows_int(&r, i, 0) > 0)
			id_format(k->kind, rows_int(&r, i, 0), id);
		verify_found(v, "%s: %s (%lld, %lld)", id, k->what, (long long)rows_int(&r, i, 1),
		             (long long)rows_int(&r, i, 2));
	}
	return true;
}

static const struct sql SQL_COUNTS = {
	.text = "SELECT (SELECT COUNT(*) FROM event WHERE org_id = $1) AS events,"
	        " (SELECT COUNT(*) FROM commission WHERE org_id = $1) AS commissions,"
	        " (SELECT COUNT(*) FROM ledger_entry WHERE org_id = $1) AS entries,"
	        " (SELECT COUNT(*) FROM payout WHERE org_id = $1) AS payouts",
};

bool verify_tables(struct verify *v)
{
	struct rows r;

	for (size_t i = 0; i < LEN(checks); i++)
		if (!run_check(v, &checks[i]))
			return false;
	if (!db_query(v->c, &SQL_COUNTS, NO_ARGS, &r))
		return false;
	v->counts->events += rows_int(&r, 0, 0);
	v->counts->commissions += rows_int(&r, 0, 1);
	v->counts->entries += rows_int(&r, 0, 2);
	v->counts->payouts += rows_int(&r, 0, 3);
	return true;
}

const struct sql *const verify_sql[] = {
	&SQL_ORPHAN_LEG, &SQL_PENDING, &SQL_PAYABLE, &SQL_IN_PAYOUT, &SQL_PAID, &SQL_ITEMS,
	&SQL_PAY, &SQL_SETTLE, &SQL_FAIL, &SQL_OVER_REFUNDED, &SQL_COUNTS, NULL,
};
