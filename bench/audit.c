/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "shared/history.h"
#include "verify/claims.h"
#include "verify/commission_sums.h"
#include "verify/reach.h"
#include "verify/shape.h"
#include "verify/verify.h"

#include <limits.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/*
 * bench/audit [EVENTS [DIR]]: the audit of a history on SQLite that the real pipeline has made: a
 * year of sales, renewals and refunds of 200 partners; once by a plain percentage, once by terms
 * with tiers, a chain and caps. Each line is one part of the audit: seconds on the clock and of
 * processor time, events a second on the clock. "plain SELECT" is what SQLite alone needs on one
 * core to hand out the same rows; what the audit takes, divided by that, means something on other
 * machines too. Three rounds, the best. DIR-0 and DIR-1 keep the histories for other runs.
 */

#define ROUNDS  3
#define YEAR_MS 31536000000

static const struct {
	const char *name, *terms;
} histories[] = {
	{ "a plain percentage",
	  "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"}}" },
	{ "tiers, chain and caps",
	  "{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"20\"},"
	  "\"tiers\":{\"by\":\"revenue\",\"period\":\"month\",\"steps\":[{\"from\":50000,"
	  "\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}}]},"
	  "\"caps\":[{\"scope\":\"partner\",\"period\":\"month\",\"amount\":5000000}],"
	  "\"chain\":{\"mode\":\"on_top\",\"levels\":[{\"percent\":\"5\"}]}}" },
};

struct bench {
	struct history history;
	const char *dir;
	int64_t events;
};

/*
 * A customer buys about once a month; only the first sale says by whom it came, the others are
 * its owner's.
 */
static void sale(struct history *h, const struct history_plan *plan, int64_t i, struct track *t)
{
	int64_t number = i - i / 20, customers = plan->events / 12 + 1;

	if (number < customers)
		t->partner_id = h->partners[number * 7 % HISTORY_PARTNERS];
	t->customer_id = arena_printf(&h->arena, "customer-%lld", (long long)(number % customers));
}

struct took {
	double wall_s, cpu_s;
};

static struct took now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (struct took){ (double)t.tv_sec + (double)t.tv_nsec / 1e9, history_cpu_s() };
}

static void read_columns(sqlite3_stmt *s)
{
	for (int i = 0; i < sqlite3_column_count(s); i++)
		if (sqlite3_column_type(s, i) == SQLITE_INTEGER)
			sqlite3_column_int64(s, i);
		else
			sqlite3_column_text(s, i);
}

/* Every column of every row that the audit walks over, by SQLite alone. */
static void walk_plainly(struct bench *b)
{
	static const char *const statements[] = {
		"SELECT * FROM event ORDER BY org_id, id",
		"SELECT * FROM commission ORDER BY org_id, id",
		"SELECT * FROM ledger_entry ORDER BY org_id, id",
		"SELECT * FROM ledger_leg ORDER BY org_id, entry_id, number",
	};
	char file[PATH_MAX];
	sqlite3_stmt *s;
	sqlite3 *h;

	snprintf(file, sizeof(file), "%s/org/org_0000000000001.db", b->dir);
	CHECK(sqlite3_open_v2(file, &h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
	      == SQLITE_OK);
	for (size_t i = 0; i < LEN(statements); i++) {
		CHECK(sqlite3_prepare_v2(h, statements[i], -1, &s, NULL) == SQLITE_OK);
		while (sqlite3_step(s) == SQLITE_ROW)
			read_columns(s);
		sqlite3_finalize(s);
	}
	sqlite3_close(h);
}

static void run_part(struct bench *b, bool (*part)(struct verify *v))
{
	struct verify_counts counts = { 0 };
	struct verify v = { .c = &b->history.c,
			    .counts = &counts,
			    .commissions = commission_sums_new(),
		            .claims = claims_new(),
		            .shapes = shapes_new(),
		            .reach = reach_new() };
	struct arena kept;
	struct buf said;

	arena_init(&kept);
	buf_init(&said, &kept);
	v.out = &said;
	history_begin(&b->history, HISTORY_ORG, STORE_READ);
	history_must(part(&v), &b->history.c, "part");
	history_commit(&b->history);
	history_must(counts.findings == 0, &b->history.c, buf_text(&said).p);
	commission_sums_free(v.commissions);
	claims_free(v.claims);
	shapes_free(v.shapes);
	reach_free(v.reach);
	arena_release(&kept);
}

static void run_ledger(struct bench *b)
{
	run_part(b, verify_tables);
	run_part(b, verify_chain);
	run_part(b, reach_read);
}

static void run_replay(struct bench *b)
{
	run_part(b, verify_replay);
}

static void run_all(struct bench *b)
{
	struct verify_counts counts = { 0 };
	struct buf said;

	history_begin(&b->history, HISTORY_ORG, STORE_READ);
	buf_init(&said, &b->history.arena);
	history_must(verify_org(&b->history.c, &said, &counts), &b->history.c, "audit");
	history_must(counts.findings == 0, &b->history.c, buf_text(&said).p);
	history_commit(&b->history);
}

static struct took best_of(struct bench *b, void (*run)(struct bench *b))
{
	struct took best = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		struct took before = now(), after;

		run(b);
		after = now();
		after.wall_s -= before.wall_s;
		after.cpu_s -= before.cpu_s;
		if (i == 0 || after.wall_s < best.wall_s)
			best = after;
		arena_reset(&b->history.arena);
	}
	return best;
}

static const struct {
	const char *name;
	void (*run)(struct bench *b);
} parts[] = {
	{ "plain SELECT", walk_plainly },
	{ "ledger", run_ledger },
	{ "replay", run_replay },
	{ "whole audit", run_all },
};

static void measure(struct bench *b)
{
	double plain_s = 0;

	for (size_t i = 0; i < LEN(parts); i++) {
		struct took t = best_of(b, parts[i].run);

		plain_s = i == 0 ? t.wall_s : plain_s;
		printf("%-14s %7.3f s %7.3f s of processor %9.0f events/s %6.2f of the SELECT\n",
		       parts[i].name, t.wall_s, t.cpu_s, (double)b->events / t.wall_s,
		       t.wall_s / plain_s);
	}
}

/* And closed: then all of it is in its file, as after a server has been stopped. */
static void make(struct bench *b, const struct history_plan *plan)
{
	history_make(&b->history, plan);
	history_close(&b->history);
	history_open(&b->history, b->dir);
}

/* One history: made, or, in a folder that is there already, measured again. */
static void run(size_t which, int64_t events, const char *kept)
{
	char made[] = "/tmp/partnerd-bench-XXXXXX";
	struct bench b = { .events = events, .dir = kept ? kept : made };
	const struct history_plan plan = { histories[which].terms, events, YEAR_MS / events, sale };
	bool there = kept && access(kept, F_OK) == 0;

	CHECK(kept || mkdtemp(made) != NULL);
	history_open(&b.history, b.dir);
	if (!there)
		make(&b, &plan);
	printf("%s, %lld events\n", histories[which].name, (long long)events);
	measure(&b);
	history_close(&b.history);
	if (!kept)
		history_remove(made);
}

int main(int argc, char **argv)
{
	int64_t events = argc > 1 ? atoll(argv[1]) : 50000;
	char dir[PATH_MAX];

	CHECK(sodium_init() >= 0);
	for (size_t i = 0; i < LEN(histories); i++) {
		if (argc > 2)
			snprintf(dir, sizeof(dir), "%s-%zu", argv[2], i);
		run(i, events, argc > 2 ? dir : NULL);
	}
	return 0;
}
