/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "base/clock.h"
#include "campaign/campaign.h"
#include "db/store.h"
#include "event/event.h"
#include "partner/partner.h"
#include "whatif/whatif.h"

#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
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
#define PARTNERS 200
#define ORG 1

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

struct bench {
	struct store *store;
	struct arena arena;
	struct ctx c;
	int64_t campaign_id;
	int64_t partners[PARTNERS];
};

static void must(bool ok, const struct ctx *c, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "bench/whatif: %s: %s %s\n", what, c->err.field, c->err.msg);
	exit(1);
}

static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
	        " tracking_host, payer, created_at)"
	        " VALUES (1, 0, 'one', 'One', 'USD', 'Europe/Berlin', 0, '', 0, 0)",
	.control = true,
	.global = true,
};

static void begin(struct bench *b, int64_t org_id, enum store_mode mode)
{
	struct ctx *c = &b->c;

	c->org_id = org_id ? org_id : ORG;
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

static void open_store(struct bench *b, const char *dir)
{
	struct store_config config = { .data_dir = str_from(dir) };

	b->store = store_open(&b->c, &config);
	must(b->store != NULL, &b->c, "open");
}

/* The history made by another run. */
static void find_campaign(struct bench *b)
{
	struct campaign campaign;
	bool found;

	begin(b, ORG, STORE_READ);
	must(campaign_find_slug(&b->c, STR("main"), &campaign, &found) && found, &b->c, "campaign");
	b->campaign_id = campaign.id;
	commit(b);
}

static void make_org(struct bench *b)
{
	begin(b, 0, STORE_WRITE);
	must(db_exec(&b->c, &SQL_ORG, NO_ARGS), &b->c, "organisation");
	commit(b);
	must(store_migrate(b->store, &b->c, ORG), &b->c, "migrate");
}

static void open_bench(struct bench *b, const char *dir)
{
	arena_init(&b->arena);
	b->c = (struct ctx){ .arena = &b->arena, .now_ms = 1767225600000,
		             .actor = { .kind = ACTOR_SYSTEM, .role = ROLE_OWNER, .sees_money = true,
		                        .sees_personal_data = true, .name = STR("bench") } };
	open_store(b, dir);
}

static void make_partners(struct bench *b)
{
	struct campaign campaign = { .slug = STR("main"), .name = STR("Main"),
		                     .currency = STR("USD"), .url = STR("https://shop.example/") };

	begin(b, ORG, STORE_WRITE);
	must(campaign_create(&b->c, &campaign, str_from(terms_then)), &b->c, "campaign");
	b->campaign_id = campaign.id;
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

/* Every twentieth is a refund of the sale before it. */
static struct track event_of(struct bench *b, int i)
{
	struct track t = {
		.type = i % 20 == 19 ? EVENT_REFUND : EVENT_SALE,
		.external_id = arena_printf(&b->arena, "e%d", i),
		.currency = STR("USD"),
		.source = STR("bench"),
	};

	if (t.type == EVENT_REFUND) {
		t.sale_id = arena_printf(&b->arena, "e%d", i - 1);
		return t;
	}
	t.partner_id = b->partners[i * 7 % PARTNERS];
	t.customer_id = arena_printf(&b->arena, "customer-%d", i % 1400);
	t.customer_country = i % 3 ? STR("DE") : STR("US");
	t.amount = 2900 + i % 11 * 1000;
	t.tax = t.amount / 10;
	t.product = i % 2 ? STR("monthly") : STR("annual");
	t.plan = STR("team");
	return t;
}

static void make_events(struct bench *b)
{
	for (int i = 0; i < SEED_EVENTS;) {
		begin(b, ORG, STORE_WRITE);
		do {
			struct track t = event_of(b, i++);
			struct recorded r;

			b->c.now_ms += 600000;
			must(event_record(&b->c, &t, &r), &b->c, "event");
		} while (i % 200 != 0);
		commit(b);
		arena_reset(&b->arena);
	}
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

static void multiply(struct bench *b, int64_t events)
{
	static const struct sql *const all[] = { &SQL_EVENTS, &SQL_REFUNDS, &SQL_COMMISSIONS };
	int64_t copies = events / SEED_EVENTS - 1, first, last;

	begin(b, ORG, STORE_WRITE);
	must(db_int(&b->c, &SQL_FIRST, NO_ARGS, &first) && db_int(&b->c, &SQL_LAST, NO_ARGS, &last),
	     &b->c, "ids");
	for (size_t i = 0; i < LEN(all) && copies > 0; i++)
		must(db_exec(&b->c, all[i],
		             ARGS(val_int(copies), val_int(last - first + 1), val_int(MS_PER_DAY),
		                  val_int(last))), &b->c, "copies");
	commit(b);
}

static double cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
	       + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void measure(struct bench *b, size_t i, int64_t events)
{
	struct whatif_ask ask = { .campaign_id = b->campaign_id, .terms = str_from(asked[i].terms) };
	struct whatif w;
	double cpu, wall;
	int64_t began;

	begin(b, ORG, STORE_READ);
	began = clock_mono_ns();
	cpu = cpu_s();
	must(whatif_run(&b->c, &ask, &w), &b->c, "simulation");
	cpu = cpu_s() - cpu;
	wall = (double)(clock_mono_ns() - began) / 1e9;
	commit(b);
	printf("%-8s %6.2f s %6.2f s of processor %10.0f events/s  (cost %lld instead of %lld)\n",
	       asked[i].name, wall, cpu, (double)events / cpu, (long long)whatif_cost(&w.new),
	       (long long)whatif_cost(&w.old));
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
	(void)s;
	(void)kind;
	(void)at;
	return remove(path);
}

static void make_history(struct bench *b, const char *dir, int64_t events)
{
	open_bench(b, dir);
	make_org(b);
	make_partners(b);
	make_events(b);
	multiply(b, events);
	store_close(b->store); /* what was written is in the file then, not beside it */
	open_store(b, dir);
}

int main(int argc, char **argv)
{
	int64_t events = argc > 1 ? atoll(argv[1]) : 1000000;
	char made[] = "/tmp/partnerd-bench-XXXXXX";
	const char *dir = argc > 2 ? argv[2] : made;
	struct bench b = { 0 };

	CHECK(sodium_init() >= 0 && (argc > 2 || mkdtemp(made) != NULL));
	if (argc > 2 && access(dir, F_OK) == 0) {
		open_bench(&b, dir);
		find_campaign(&b);
	} else {
		make_history(&b, dir, events);
	}
	for (size_t i = 0; i < LEN(asked); i++)
		measure(&b, i, events);
	store_close(b.store);
	arena_release(&b.arena);
	if (argc <= 2)
		nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return 0;
}
