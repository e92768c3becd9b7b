/* SPDX-License-Identifier: Apache-2.0 */
#include "restate/line.h"

#include "base/check.h"
#include "restate/restatement.h"

static const struct field fields[] = {
	FIELD(struct line, run_id, .flags = 0),
	FIELD(struct line, partner_id, .json = "partner", .flags = OUT, .as = AS_ID,
	      .id = ID_PARTNER),
	FIELD(struct line, currency, .flags = OUT),
	FIELD(struct line, raised, .flags = OUT),
	FIELD(struct line, lowered, .flags = OUT),
	FIELD(struct line, unchanged, .flags = OUT),
	FIELD(struct line, was, .flags = OUT | MONEY_ONLY),
	FIELD(struct line, becomes, .flags = OUT | MONEY_ONLY),
	FIELD(struct line, posted, .flags = OUT | MONEY_ONLY),
	FIELD(struct line, adjustments, .flags = OUT),
};

const struct model line_model = MODEL("restatement_line", fields);

static const struct sql SQL_ADD = {
	.text = "INSERT INTO restatement_line (org_id, run_id, partner_id, currency, raised, lowered,"
	        " unchanged, was, becomes, posted, adjustments)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
	        " ON CONFLICT (org_id, run_id, partner_id, currency) DO UPDATE SET"
	        " raised = restatement_line.raised + excluded.raised,"
	        " lowered = restatement_line.lowered + excluded.lowered,"
	        " unchanged = restatement_line.unchanged + excluded.unchanged,"
	        " was = restatement_line.was + excluded.was,"
	        " becomes = restatement_line.becomes + excluded.becomes,"
	        " posted = restatement_line.posted + excluded.posted,"
	        " adjustments = restatement_line.adjustments + excluded.adjustments",
};

bool line_add(struct ctx *c, const struct line *l)
{
	return db_exec(c, &SQL_ADD,
	               ARGS(val_int(l->run_id), val_int(l->partner_id), val_str(l->currency),
	                    val_int(l->raised), val_int(l->lowered), val_int(l->unchanged),
	                    val_int(l->was), val_int(l->becomes), val_int(l->posted),
	                    val_int(l->adjustments)));
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM restatement_line WHERE org_id = $1 AND run_id = $2"
	        " ORDER BY partner_id, currency",
	.model = &line_model,
};

bool line_list(struct ctx *c, int64_t run_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(run_id)), sizeof(struct line), out);
}

static const struct sql SQL_SUM = {
	.text = "SELECT CAST(COALESCE(SUM(raised), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(lowered), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(unchanged), 0) AS BIGINT),"
	        " CAST(COALESCE(SUM(adjustments), 0) AS BIGINT), COUNT(*)"
	        " FROM restatement_line WHERE org_id = $1 AND run_id = $2",
};

bool line_sum(struct ctx *c, int64_t run_id, struct line_sum *out)
{
	struct rows r;

	if (!db_query(c, &SQL_SUM, ARGS(val_int(run_id)), &r))
		return false;
	*out = (struct line_sum){ rows_int(&r, 0, 0), rows_int(&r, 0, 1), rows_int(&r, 0, 2),
		                  rows_int(&r, 0, 3), rows_int(&r, 0, 4) };
	return true;
}

/* The first line in a currency stands for it. */
static bool is_first(const struct line *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(all[i].currency, all[at].currency))
			return false;
	return true;
}

bool line_total(const struct list *lines, size_t i, struct line *out)
{
	const struct line *all = lines->items;
	size_t at = 0;

	while (at < lines->count && (!is_first(all, at) || i-- > 0))
		at++;
	if (at == lines->count)
		return false;
	*out = (struct line){ .run_id = all[at].run_id, .currency = all[at].currency };
	for (; at < lines->count; at++) {
		if (!str_eq(all[at].currency, out->currency))
			continue;
		out->was += all[at].was;
		out->becomes += all[at].becomes;
		out->posted += all[at].posted;
	}
	return true;
}

bool line_as_previewed(const struct restatement *r, const struct list *lines)
{
	const struct line *all = lines->items;

	for (size_t i = 0; r->status == RESTATEMENT_POSTED && i < lines->count; i++)
		if (all[i].posted != all[i].becomes - all[i].was)
			return false;
	return true;
}

const struct sql *const line_sql[] = { &SQL_ADD, &SQL_LIST, &SQL_SUM, NULL };
