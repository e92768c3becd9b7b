/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "db/db.h"
#include "shared/history.h"
#include "whatif/whatif.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * bench/whatif [EVENTS [DIR]]: what other terms would have cost, over a history on SQLite.
 *
 * A few thousand events go through the real pipeline, by terms with tiers, a chain and a cap: sales,
 * renewals and refunds of 200 partners. Their rows are then repeated with other ids, customers
 * and dates until there are as many as are wanted. Each line is one simulation: name, seconds on
 * the clock, seconds of processor time, events a second. DIR keeps the history for other runs.
 */

#define SEED_EVENTS 4000

static const char terms_then[] =
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},\"tiers\":"
	"{\"by\":\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":50000,\"reward\":{\"type\":"
	"\"percentage\",\"value\":\"25\"}}]},\"caps\":[{\"scope\":\"partner\",\"period\":\"month\","
	"\"amount\":5000000}],\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"5\"}]}}";

static const struct {
	const char *name, *terms;
} asked[] = {
	{ "plain", "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"22.5\"}}" },
	{ "tiers", "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"15\"},"
	           "\"tiers\":{\"by\":\"revenue\",\"period\":\"quarter\",\"steps\":[{\"from\":100000,"
	           "\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}},{\"from\":500000,"
	           "\"reward\":{\"type\":\"percentage\",\"value\":\"30\"}}]},\"caps\":[{\"scope\":"
	           "\"partner\",\"period\":\"month\",\"amount\":300000},{\"scope\":\"customer\","
	           "\"amount\":20000}],\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":"
	           "\"10\"}]}}" },
};

/* Every sale says by whom it came. */
static void sale(struct history *h, const struct history_plan *plan, int64_t i, struct track *t)
{
	(void)plan;
	t->partner_id = h->partners[i * 7 % HISTORY_PARTNERS];
	t->customer_id = arena_printf(&h->arena, "customer-%lld", (long long)(i % 1400));
	t->plan = STR("team");
}

/* $2 copies, each $3 ids further and $4 milliseconds later. */
#define COPIES "WITH RECURSIVE k (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM k WHERE n < $2)"

static const struct sql SQL_EVENTS = {
	.text = COPIES " INSERT INTO event SELECT org_id, id + n * $3,"
	               " -(external_key % 1125899906842624) - n * 1125899906842624,"
	               " external_id || '-' || n, type,"
	               " fingerprint, customer_id + n * $3, campaign_id, partner_id, link_id,"
	               " click_id, CASE related_id WHEN 0 THEN 0 ELSE related_id + n * $3 END, amount,"
	               " tax, currency, invoice_index, occurred_at + n * $4, received_at + n * $4,"
	               " source, facts, inputs, outcome, attribution FROM k CROSS JOIN event"
	               " WHERE org_id = $1 AND id <= $5",
};

static const struct sql SQL_REFUNDS = {
	.text = COPIES " INSERT INTO sale_refund SELECT org_id, sale_id + n * $3, event_id + n * $3,"
	               " amount, at + n * $4 FROM k CROSS JOIN sale_refund WHERE org_id = $1"
	               " AND sale_id <= $5",
};

static const struct sql SQL_COMMISSIONS = {
	.text = COPIES " INSERT INTO commission SELECT org_id, id + n * $3, event_id + n * $3,"
	               " partner_id, campaign_id, customer_id + n * $3, terms_id, kind, status,"
	               " first_status, holds, held_by, currency, amount, base, reversed, allocated,"
	               " open, payout_id,"
	               " occurred_at + n * $4, matures_at + n * $4, created_at, explanation"
	               " FROM k CROSS JOIN commission WHERE org_id = $1 AND reversed > 0"
	               " AND event_id <= $5",
};

static const struct sql SQL_FIRST = {
	.text = "SELECT MIN(id) FROM (SELECT MIN(id) AS id FROM customer WHERE org_id = $1"
	        " UNION ALL SELECT MIN(id) FROM event WHERE org_id = $1) AS a",
};

static const struct sql SQL_LAST = {
	.text = "SELECT MAX(id) FROM (SELECT MAX(id) AS id FROM commission WHERE org_id = $1"
	        " UNION ALL SELECT MAX(id) FROM event WHERE org_id = $1) AS a",
};

static void multiply(struct history *h, int64_t events)
{
	static const struct sql *const all[] = { &SQL_EVENTS, &SQL_REFUNDS, &SQL_COMMISSIONS };
	int64_t copies = events / SEED_EVENTS - 1, first, last;

	history_begin(h, HISTORY_ORG, STORE_WRITE);
	history_must(db_int(&h->c, &SQL_FIRST, NO_ARGS, &first)
	             && db_int(&h->c, &SQL_LAST, NO_ARGS, &last), &h->c, "ids");
	for (size_t i = 0; i < LEN(all) && copies > 0; i++)
		history_must(db_exec(&h->c, all[i],
		                     ARGS(val_int(copies), val_int(last - first + 1),
		                          val_int(MS_PER_DAY), val_int(last))), &h->c, "copies");
	history_commit(h);
}

static void measure(struct history *h, size_t i, int64_t events)
{
	struct whatif_ask ask = { .campaign_id = h->campaign_id, .terms = str_from(asked[i].terms) };
	struct whatif w;
	double cpu, wall;
	int64_t began;

	history_begin(h, HISTORY_ORG, STORE_READ);
	began = clock_mono_ns();
	cpu = history_cpu_s();
	history_must(whatif_run(&h->c, &ask, &w), &h->c, "simulation");
	cpu = history_cpu_s() - cpu;
	wall = (double)(clock_mono_ns() - began) / 1e9;
	history_commit(h);
	printf("%-8s %6.2f s %6.2f s of processor %10.0f events/s  (cost %lld instead of %lld)\n",
	       asked[i].name, wall, cpu, (double)events / cpu, (long long)whatif_cost(&w.new),
	       (long long)whatif_cost(&w.old));
}

static void make_history(struct history *h, const char *dir, int64_t events)
{
	const struct history_plan plan = { terms_then, SEED_EVENTS, 600000, sale };

	history_open(h, dir);
	history_make(h, &plan);
	multiply(h, events);
	history_close(h); /* what was written is in the file then, not beside it */
}

int main(int argc, char **argv)
{
	int64_t events = argc > 1 ? atoll(argv[1]) : 1000000;
	char made[] = "/tmp/partnerd-bench-XXXXXX";
	const char *dir = argc > 2 ? argv[2] : made;
	struct history h;

	CHECK(sodium_init() >= 0 && (argc > 2 || mkdtemp(made) != NULL));
	if (argc <= 2 || access(dir, F_OK) != 0)
		make_history(&h, dir, events);
	history_open(&h, dir);
	history_find(&h);
	for (size_t i = 0; i < LEN(asked); i++)
		measure(&h, i, events);
	history_close(&h);
	if (argc <= 2)
		history_remove(made);
	return 0;
}
