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

/* What a deal is, beside the last row of its history. */
#define DEAL_CHECK(column) \
	"SELECT id, kept, said FROM (SELECT id, " column " AS kept, COALESCE((SELECT h." column \
	" FROM deal_history h WHERE h.org_id = $1 AND h.deal_id = deal.id" \
	" ORDER BY h.id DESC LIMIT 1), -1) AS said FROM deal WHERE org_id = $1) AS both_sides" \
	" WHERE kept <> said"

static const struct sql SQL_DEAL_STAGE = { .text = DEAL_CHECK("stage") };
static const struct sql SQL_DEAL_SINCE = { .text = DEAL_CHECK("registered_at") };
static const struct sql SQL_DEAL_UNTIL = { .text = DEAL_CHECK("protected_until") };

/* Stage 3 is won, type 7 deal_closed. */
static const struct sql SQL_DEAL_WON = {
	.text = "SELECT id, kept, said FROM (SELECT id, partner_id AS kept, COALESCE((SELECT"
	        " event.partner_id FROM event WHERE event.org_id = $1 AND event.id = deal.event_id"
	        " AND event.type = 7), 0) AS said FROM deal WHERE org_id = $1 AND stage = 3)"
	        " AS both_sides WHERE kept <> said",
};

/* Of a joint deal: how many share it, how much they have together, and whose it is itself. */
#define SHARE_CHECK(kept, said) \
	"SELECT id, kept, said FROM (SELECT id, " kept " AS kept, (SELECT COALESCE(" said \
	", 0) FROM deal_share s WHERE s.org_id = $1 AND s.deal_id = deal.id) AS said" \
	" FROM deal WHERE org_id = $1 AND partner_count > 1) AS both_sides WHERE kept <> said"

static const struct sql SQL_DEAL_PARTNERS = { .text = SHARE_CHECK("partner_count", "COUNT(*)") };
static const struct sql SQL_DEAL_SHARES = {
	.text = SHARE_CHECK("CAST(1000000 AS BIGINT)", "CAST(SUM(s.share_ppm) AS BIGINT)"),
};
static const struct sql SQL_DEAL_OWN = {
	.text = SHARE_CHECK("partner_id", "MAX(CASE WHEN s.number = 0 THEN s.partner_id END)"),
};

static const struct check {
	const struct sql *sql;
	enum id_kind kind;
	const char *what;
} checks[] = {
	{ &SQL_ITEMS, ID_PAYOUT, "amount and items differ" },
	{ &SQL_PAY, ID_PAYOUT, "status and pay entries differ" },
	{ &SQL_SETTLE, ID_PAYOUT, "status and settle entries differ" },
	{ &SQL_FAIL, ID_PAYOUT, "status and fail entries differ" },
	{ &SQL_DEAL_STAGE, ID_DEAL, "stage and history differ" },
	{ &SQL_DEAL_SINCE, ID_DEAL, "registration and history differ" },
	{ &SQL_DEAL_UNTIL, ID_DEAL, "protection and history differ" },
	{ &SQL_DEAL_PARTNERS, ID_DEAL, "the number of its partners and its shares differ" },
	{ &SQL_DEAL_SHARES, ID_DEAL, "its shares do not add up" },
	{ &SQL_DEAL_OWN, ID_DEAL, "its partner is not the first of its shares" },
	{ &SQL_DEAL_WON, ID_DEAL, "its partner and that of the event it was won by differ" },
};

static bool run_check(struct verify *v, const struct check *k)
{
	struct rows r;

	arena_reset(v->c->arena);
	if (!db_query(v->c, k->sql, NO_ARGS, &r))
		return false;
	for (size_t i = 0; i < r.count; i++) {
		char id[ID_TEXT_MAX];

		verify_id(k->kind, rows_int(&r, i, 0), id);
		verify_found(v, "%s: %s (%lld, %lld)", id, k->what, (long long)rows_int(&r, i, 1),
		             (long long)rows_int(&r, i, 2));
	}
	return true;
}

static const struct sql SQL_PAYOUTS = {
	.text = "SELECT COUNT(*) FROM payout WHERE org_id = $1",
};

bool verify_tables(struct verify *v)
{
	int64_t payouts;

	for (size_t i = 0; i < LEN(checks); i++)
		if (!run_check(v, &checks[i]))
			return false;
	if (!db_int(v->c, &SQL_PAYOUTS, NO_ARGS, &payouts))
		return false;
	v->counts->payouts += payouts;
	return true;
}

const struct sql *const verify_sql[] = {
	&SQL_ITEMS, &SQL_PAY, &SQL_SETTLE, &SQL_FAIL, &SQL_PAYOUTS, &SQL_DEAL_STAGE,
	&SQL_DEAL_SINCE, &SQL_DEAL_UNTIL, &SQL_DEAL_PARTNERS, &SQL_DEAL_SHARES,
	&SQL_DEAL_OWN, &SQL_DEAL_WON, NULL,
};
