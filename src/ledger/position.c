/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/position.h"

#include "data/json_out.h"

/* Ids of entries grow with their numbers (ledger.c), so that the indexes by id serve. */
static const struct sql SQL_NEWEST = {
	.text = "SELECT number FROM ledger_entry WHERE org_id = $1 ORDER BY id DESC LIMIT 1",
};

static const struct sql SQL_OF_COMMISSION = {
	.text = "SELECT number FROM ledger_entry WHERE org_id = $1 AND id = ("
	        "SELECT MAX(newest) FROM ("
	        "SELECT MAX(id) AS newest FROM ledger_entry WHERE org_id = $1 AND commission_id = $2"
	        " UNION ALL SELECT MAX(e.id) AS newest FROM payout_item i"
	        " JOIN ledger_entry e ON e.org_id = i.org_id AND e.commission_id = 0"
	        " AND e.payout_id = i.payout_id WHERE i.org_id = $1 AND i.commission_id = $2) AS both_of_it)",
};

static const struct sql SQL_OF_PAYOUT = {
	.text = "SELECT number FROM ledger_entry WHERE org_id = $1 AND id = ("
	        "SELECT MAX(id) FROM ledger_entry"
	        " WHERE org_id = $1 AND commission_id = 0 AND payout_id = $2)",
};

static const struct sql SQL_OF_RUN = {
	.text = "SELECT number FROM ledger_entry WHERE org_id = $1 AND id = ("
	        "SELECT MAX(e.id) FROM payout p JOIN ledger_entry e"
	        " ON e.org_id = p.org_id AND e.commission_id = 0 AND e.payout_id = p.id"
	        " WHERE p.org_id = $1 AND p.run_id = $2)",
};

static bool find(struct ctx *c, const struct sql *q, struct args args, int64_t *out)
{
	struct rows r;

	if (!db_query(c, q, args, &r))
		return false;
	*out = r.count > 0 ? rows_int(&r, 0, 0) : 0;
	return true;
}

bool position_find(struct ctx *c, struct position of, int64_t *out_number)
{
	if (of.commission_id)
		return find(c, &SQL_OF_COMMISSION, ARGS(val_int(of.commission_id)), out_number);
	if (of.payout_id)
		return find(c, &SQL_OF_PAYOUT, ARGS(val_int(of.payout_id)), out_number);
	if (of.run_id)
		return find(c, &SQL_OF_RUN, ARGS(val_int(of.run_id)), out_number);
	return find(c, &SQL_NEWEST, NO_ARGS, out_number);
}

bool position_put(struct ctx *c, struct position of, struct buf *b)
{
	int64_t number;

	if (!c->actor.sees_money)
		return true;
	if (!position_find(c, of, &number))
		return false;
	if (number)
		jw_key_int(b, "ledger_position", number);
	else
		jw_key_null(b, "ledger_position");
	return true;
}

const struct sql *const position_sql[] = {
	&SQL_NEWEST, &SQL_OF_COMMISSION, &SQL_OF_PAYOUT, &SQL_OF_RUN, NULL,
};
