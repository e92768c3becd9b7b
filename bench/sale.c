/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "base/digest.h"
#include "base/id.h"
#include "db/store.h"

#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * bench/sale [SALES [random]]: what SQLite alone does with the statements of a sale.
 *
 * The same schema, settings and statements (the reads that every sale needs and the rows
 * it writes), prepared once, 128 sales to a transaction, synchronous=FULL; no HTTP, no
 * JSON, no rules. Prints "raw N": sales a second. bench/ingest.mjs compares with it.
 */

#define BATCH 128
#define EXPLANATION 520 /* bytes, as a plain percentage has */

static const char *const texts[] = {
	"SELECT * FROM event WHERE org_id = ?1 AND id IN"
	" (SELECT id FROM event_key WHERE key = ?2)",
	"SELECT * FROM customer WHERE org_id = ?1 AND id IN"
	" (SELECT id FROM customer_key WHERE key = ?2)",
	"SELECT * FROM click WHERE org_id = ?1 AND id = ?2",
	"INSERT INTO customer (org_id, id, external_key, external_id, email, name, country, partner_id,"
	" campaign_id, link_id, signal, referred_at, invoices, churned_at, owner_count, created_at, metadata)"
	" VALUES (?1, ?2, ?3, ?4, '', '', '', 1, 1, 1, 2, 1, 1, 0, 0, 1, '')",
	"INSERT INTO touch VALUES (?1, ?2, ?3, 2, 0, 1, 1, 1, 1, 1)",
	"INSERT INTO event_key SELECT ?3, ?2 WHERE ?1 <> 0",
	"INSERT INTO customer_key SELECT ?3, ?2 WHERE ?1 <> 0",
	"INSERT INTO commission (org_id, id, event_id, partner_id, campaign_id, customer_id, terms_id,"
	" kind, status, first_status, holds, held_by, currency, amount, base, reversed, allocated, open,"
	" payout_id,"
	" occurred_at, matures_at, created_at, explanation) VALUES (?1, ?2, ?3, 1, 1, 1, 1, 0, 0, 0, 0, 0,"
	" 'USD', 2475, 9900, 0, 0, 0, 0, 1, ?3, 1, ?4)",
	"INSERT INTO ledger_entry VALUES (?1, ?2, ?3, 0, ?2, 0, 0, 0, 1, 1, ?4, ?4)",
	"INSERT INTO ledger_leg VALUES (?1, ?2, 0, 2, 0, 'USD', 2475, 0)",
	"INSERT INTO ledger_leg VALUES (?1, ?2, 1, 0, 1, 'USD', 0, 2475)",
	"INSERT INTO balance VALUES (?1, 1, 'USD', 2475, 0, 0, 0)"
	" ON CONFLICT (org_id, partner_id, currency) DO UPDATE SET pending = balance.pending + 2475",
	"INSERT INTO standing VALUES (?1, 1, 1, 202611, 9900, 1, 1, 0, 2475)"
	" ON CONFLICT (org_id, partner_id, campaign_id, month) DO UPDATE SET"
	" revenue = standing.revenue + 9900, sales = standing.sales + 1,"
	" customers = standing.customers + 1, earned = standing.earned + 2475",
};

#define STATEMENTS (sizeof(texts) / sizeof(texts[0]))
#define FIRST_SUM (STATEMENTS - 2) /* balance and standing: once in a batch, as the program does */

struct bench {
	sqlite3 *h;
	sqlite3_stmt *statements[STATEMENTS];
	/* its columns are read from the table, so that it follows the schema */
	sqlite3_stmt *event;
	char explanation[EXPLANATION + 1];
	char hash[65];
	bool scattered; /* ids that do not count */
};

static void must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench/sale: %s failed\n", what);
	exit(1);
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
	(void)s;
	(void)kind;
	(void)at;
	return remove(path);
}

/* "INSERT INTO event VALUES (?1, ?2, ?3, …)": integers and texts as the columns want them. */
static sqlite3_stmt *prepare_event(sqlite3 *h)
{
	sqlite3_stmt *columns, *out;
	struct arena a;
	struct buf b;

	arena_init(&a);
	buf_init(&b, &a);
	must(sqlite3_prepare_v2(h, "SELECT name, type FROM pragma_table_info('event')", -1,
	                        &columns,
	                        NULL) == SQLITE_OK, "reading the columns");
	for (int i = 0; sqlite3_step(columns) == SQLITE_ROW; i++) {
		const char *name = (const char *)sqlite3_column_text(columns, 0);
		const char *type = (const char *)sqlite3_column_text(columns, 1);
		bool key = strcmp(name, "external_key") == 0;

		buf_puts(&b, i == 0 ? "INSERT INTO event VALUES (?1" : key ? ", ?3"
		             : strcmp(name, "id") == 0 ? ", ?2"
		             : strcmp(name, "attribution") == 0 ? ", ?4"
		             : strcmp(type, "TEXT") == 0 ? ", 'twenty-four letters here'" : ", 1");
	}
	buf_char(&b, ')');
	sqlite3_finalize(columns);
	must(sqlite3_prepare_v2(h, buf_text(&b).p, -1, &out, NULL) == SQLITE_OK, "preparing");
	arena_release(&a);
	return out;
}

static void run(struct bench *b, sqlite3_stmt *s, int64_t id, int64_t other)
{
	int got;

	sqlite3_bind_int64(s, 1, 1);
	if (sqlite3_bind_parameter_count(s) >= 2)
		sqlite3_bind_int64(s, 2, id);
	if (sqlite3_bind_parameter_count(s) >= 3)
		sqlite3_bind_int64(s, 3, other);
	if (sqlite3_bind_parameter_count(s) >= 4)
		sqlite3_bind_text(s, 4, s == b->statements[8] ? b->hash : b->explanation, -1,
		                  SQLITE_STATIC);
	while ((got = sqlite3_step(s)) == SQLITE_ROW)
		;
	must(got == SQLITE_DONE, sqlite3_sql(s));
	sqlite3_reset(s);
}

static void sale(struct bench *b, int64_t n)
{
	char text[32];
	int64_t id = id_new();
	int64_t key;

	snprintf(text, sizeof(text), b->scattered ? "r-%lldx" : "r-%lld", (long long)n);
	key = digest_key(STR("sale"), str_from(text));
	for (size_t i = 0; i < STATEMENTS; i++) {
		bool by_key = i < 2;

		if (i >= FIRST_SUM && n % BATCH != BATCH - 1)
			continue;

		run(b, b->statements[i], by_key ? key : i == 2 ? 1 : id,
		    i == 3 || i == 5 || i == 6 ? key : n);
		if (i == 4)
			run(b, b->event, id, key);
	}
}

static void open_bench(struct bench *b, const char *dir)
{
	struct arena a;
	struct ctx c = { .arena = &a, .org_id = 1, .now_ms = 1 };
	struct store_config config = { .data_dir = str_from(dir) };
	struct store *s;
	char path[300], id[ID_TEXT_MAX];

	arena_init(&a);
	s = store_open(&c, &config);
	must(s && store_migrate(s, &c, 1), "making the data");
	store_close(s);
	arena_release(&a);
	id_format(ID_ORG, 1, id);
	snprintf(path, sizeof(path), "%s/org/%s.db", dir, id);
	must(sqlite3_open(path, &b->h) == SQLITE_OK, "opening");
	must(sqlite3_exec(b->h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
	                        "PRAGMA cache_size=-65536; PRAGMA foreign_keys=ON",
	                  NULL, NULL, NULL) == SQLITE_OK, "setting up");
	for (size_t i = 0; i < STATEMENTS; i++)
		must(sqlite3_prepare_v2(b->h, texts[i], -1, &b->statements[i], NULL) == SQLITE_OK,
		     texts[i]);
	b->event = prepare_event(b->h);
	memset(b->explanation, 'e', EXPLANATION);
	memset(b->hash, '0', 64);
}

int main(int argc, char **argv)
{
	int64_t sales = argc > 1 ? atoll(argv[1]) : 100000, began;
	char dir[] = "/tmp/partnerd-bench-XXXXXX";
	struct bench b = { .scattered = argc > 2 && strcmp(argv[2], "random") == 0 };

	must(mkdtemp(dir) != NULL, "mkdtemp");
	open_bench(&b, dir);
	began = clock_mono_ns();
	for (int64_t n = 0; n < sales;) {
		sqlite3_exec(b.h, "BEGIN IMMEDIATE", NULL, NULL, NULL);
		for (int i = 0; i < BATCH && n < sales; i++)
			sale(&b, n++);
		must(sqlite3_exec(b.h, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, "committing");
	}
	printf("raw %.0f\n", (double)sales * 1e9 / (double)(clock_mono_ns() - began));
	for (size_t i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(b.statements[i]);
	sqlite3_finalize(b.event);
	sqlite3_close(b.h);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
