/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "campaign/campaign.h"
#include "db/store.h"
#include "event/event.h"
#include "partner/partner.h"
#include "verify/commission_sums.h"
#include "verify/verify.h"

#include <ftw.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/*
 * bench/audit [EVENTS]: the audit of a history on SQLite that the real pipeline has made: a year
 * of sales, renewals and refunds of 200 partners; once by a plain percentage, once by terms with
 * tiers, a chain and caps. Each line is one part of the audit: seconds on the clock and of
 * processor time, events a second on the clock. "plain SELECT" is what SQLite alone needs on one
 * core to hand out the same rows; what the audit takes, divided by that, means something on other
 * machines too. Three rounds, the best.
 */

#define PARTNERS 200
#define BATCH 200
#define ORG 1
#define ROUNDS 3
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

static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
	        " tracking_host, payer, created_at)"
	        " VALUES (1, 0, 'one', 'One', 'USD', 'Europe/Berlin', 0, '', 0, 0)",
	.control = true,
	.global = true,
};

struct bench {
	struct store *store;
	struct arena arena;
	struct ctx c;
	int64_t partners[PARTNERS];
	char *file;
};

static void must(bool ok, const struct ctx *c, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench/audit: %s: %s %s\n", what, c->err.field, c->err.msg);
	exit(1);
}

static void begin(struct bench *b, int64_t org_id, enum store_mode mode)
{
	struct ctx *c = &b->c;

	c->org_id = ORG;
	must(store_begin(b->store, c, org_id, mode) != NULL, c, "begin");
	if (org_id)
		must(store_begin(b->store, c, 0, STORE_READ) != NULL, c, "begin control");
}

static void commit(struct bench *b)
{
	struct ctx *c = &b->c;

	if (c->db)
		must(store_commit(b->store, c, c->db), c, "commit");
	must(store_commit(b->store, c, c->control), c, "commit control");
	c->db = c->control = NULL;
}

static void open_bench(struct bench *b, const char *dir)
{
	struct store_config config = { .data_dir = str_from(dir) };

	arena_init(&b->arena);
	b->c = (struct ctx){ .arena = &b->arena, .now_ms = 1767225600000,
		             .actor = { .kind = ACTOR_SYSTEM, .role = ROLE_OWNER,
		                        .name = STR("bench") } };
	b->store = store_open(&b->c, &config);
	must(b->store != NULL, &b->c, "open");
	begin(b, 0, STORE_WRITE);
	must(db_exec(&b->c, &SQL_ORG, NO_ARGS), &b->c, "organisation");
	commit(b);
	must(store_migrate(b->store, &b->c, ORG), &b->c, "migrate");
	b->file = strdup(arena_printf(&b->arena, "%s/org/org_0000000000001.db", dir).p);
}

static void make_partners(struct bench *b, const char *terms)
{
	struct campaign campaign = { .slug = STR("main"), .name = STR("Main"),
		                     .currency = STR("USD"), .url = STR("https://shop.example/") };

	begin(b, ORG, STORE_WRITE);
	must(campaign_create(&b->c, &campaign, str_from(terms)), &b->c, "campaign");
	for (int i = 0; i < PARTNERS; i++) {
		struct partner_new p = {
			.name = arena_printf(&b->arena, "Partner %d", i),
			.email = arena_printf(&b->arena, "p%d@example.com", i),
			.campaign_id = campaign.id,
			.parent_id = i % 4 == 3 ? b->partners[i - 3] : 0,
			.status = -1,
		};
		struct partner made;

		must(partner_enrol(&b->c, &p, &made), &b->c, "partner");
		b->partners[i] = made.id;
	}
	commit(b);
}

/*
 * Every twentieth is a refund of the sale before it. A customer buys about once a month; only
 * the first sale says by whom it came, the others are its owner's.
 */
static struct track event_of(struct bench *b, int64_t i, int64_t events)
{
	int64_t sale = i - i / 20, customers = events / 12 + 1;
	struct track t = {
		.type = i % 20 == 19 ? EVENT_REFUND : EVENT_SALE,
		.external_id = arena_printf(&b->arena, "e%lld", (long long)i),
		.currency = STR("USD"),
		.source = STR("bench"),
	};

	if (t.type == EVENT_REFUND) {
		t.sale_id = arena_printf(&b->arena, "e%lld", (long long)i - 1);
		return t;
	}
	if (sale < customers)
		t.partner_id = b->partners[sale * 7 % PARTNERS];
	t.customer_id = arena_printf(&b->arena, "customer-%lld", (long long)(sale % customers));
	t.customer_country = i % 3 ? STR("DE") : STR("US");
	t.amount = 2900 + i % 11 * 1000;
	t.tax = t.amount / 10;
	t.product = i % 2 ? STR("monthly") : STR("annual");
	return t;
}

static void make_events(struct bench *b, int64_t events)
{
	for (int64_t i = 0; i < events;) {
		begin(b, ORG, STORE_WRITE);
		do {
			struct track t = event_of(b, i++, events);
			struct recorded r;

			b->c.now_ms += YEAR_MS / events;
			must(event_record(&b->c, &t, &r), &b->c, "event");
		} while (i % BATCH != 0 && i < events);
		commit(b);
		arena_reset(&b->arena);
	}
}

struct took {
	double wall_s, cpu_s;
};

static struct took now(void)
{
	struct timespec t;
	struct rusage u;

	clock_gettime(CLOCK_MONOTONIC, &t);
	getrusage(RUSAGE_SELF, &u);
	return (struct took){
		(double)t.tv_sec + (double)t.tv_nsec / 1e9,
		(double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
		+ (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6,
	};
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
	sqlite3_stmt *s;
	sqlite3 *h;

	CHECK(sqlite3_open_v2(b->file, &h, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL)
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
	struct verify v = { .c = &b->c, .counts = &counts, .commissions = commission_sums_new() };
	struct arena kept;
	struct buf said;

	arena_init(&kept);
	buf_init(&said, &kept);
	v.out = &said;
	begin(b, ORG, STORE_READ);
	must(part(&v), &b->c, "part");
	commit(b);
	must(counts.findings == 0, &b->c, buf_text(&said).p);
	commission_sums_free(v.commissions);
	arena_release(&kept);
}

static void run_ledger(struct bench *b)
{
	run_part(b, verify_tables);
	run_part(b, verify_chain);
}

static void run_replay(struct bench *b)
{
	run_part(b, verify_replay);
}

static void run_all(struct bench *b)
{
	struct verify_counts counts = { 0 };
	struct buf said;

	begin(b, ORG, STORE_READ);
	buf_init(&said, &b->arena);
	must(verify_org(&b->c, &said, &counts), &b->c, "audit");
	must(counts.findings == 0, &b->c, buf_text(&said).p);
	commit(b);
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
		arena_reset(&b->arena);
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

static void measure(struct bench *b, int64_t events)
{
	double plain_s = 0;

	for (size_t i = 0; i < LEN(parts); i++) {
		struct took t = best_of(b, parts[i].run);

		plain_s = i == 0 ? t.wall_s : plain_s;
		printf("%-14s %7.3f s %7.3f s of processor %9.0f events/s %6.2f of the SELECT\n",
		       parts[i].name, t.wall_s, t.cpu_s, (double)events / t.wall_s,
		       t.wall_s / plain_s);
	}
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
	(void)s;
	(void)kind;
	(void)at;
	return remove(path);
}

static void run(const char *name, const char *terms, int64_t events)
{
	char dir[] = "/tmp/partnerd-bench-XXXXXX";
	struct bench b = { 0 };

	CHECK(mkdtemp(dir) != NULL);
	open_bench(&b, dir);
	make_partners(&b, terms);
	make_events(&b, events);
	printf("%s, %lld events\n", name, (long long)events);
	measure(&b, events);
	store_close(b.store);
	arena_release(&b.arena);
	free(b.file);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int main(int argc, char **argv)
{
	int64_t events = argc > 1 ? atoll(argv[1]) : 50000;

	CHECK(sodium_init() >= 0);
	for (size_t i = 0; i < LEN(histories); i++)
		run(histories[i].name, histories[i].terms, events);
	return 0;
}
