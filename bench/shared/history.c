/* SPDX-License-Identifier: Apache-2.0 */
#include "history.h"

#include "campaign/campaign.h"
#include "db/db.h"
#include "partner/partner.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define BATCH 200

static const struct sql SQL_ORG = {
	.text = "INSERT INTO org (id, workspace_id, slug, name, currency, timezone, status,"
		" tracking_host, payer, sandbox, created_at)"
		" VALUES (1, 0, 'one', 'One', 'USD', 'Europe/Berlin', 0, '', 0, 0, 0)",
	.control = true,
	.global = true,
};

void history_must(bool ok, const struct ctx *c, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s: %s %s\n", program_invocation_short_name, what, c->err.field,
		c->err.msg);
	exit(1);
}

void history_begin(struct history *h, int64_t org_id, enum store_mode mode)
{
	struct ctx *c = &h->c;

	c->org_id = HISTORY_ORG;
	history_must(store_begin(h->store, c, org_id, mode) != NULL, c, "begin");
	if (org_id)
		history_must(store_begin(h->store, c, 0, STORE_READ) != NULL, c, "begin control");
}

void history_commit(struct history *h)
{
	struct ctx *c = &h->c;

	if (c->db)
		history_must(store_commit(h->store, c, c->db), c, "commit");
	history_must(store_commit(h->store, c, c->control), c, "commit control");
	c->db = c->control = NULL;
}

void history_open(struct history *h, const char *dir)
{
	struct store_config config = { .data_dir = str_from(dir) };

	*h = (struct history){ 0 };
	arena_init(&h->arena);
	h->c = (struct ctx){ .arena = &h->arena,
			     .now_ms = 1767225600000,
			     .actor = { .kind = ACTOR_SYSTEM,
					.role = ROLE_OWNER,
					.sees_money = true,
					.sees_personal_data = true,
					.name = STR("bench") } };
	h->store = store_open(&h->c, &config);
	history_must(h->store != NULL, &h->c, "open");
}

void history_close(struct history *h)
{
	store_close(h->store);
	arena_release(&h->arena);
}

void history_find(struct history *h)
{
	struct campaign campaign;
	bool found;

	history_begin(h, HISTORY_ORG, STORE_READ);
	history_must(campaign_find_slug(&h->c, STR("main"), &campaign, &found) && found, &h->c,
		     "campaign");
	h->campaign_id = campaign.id;
	history_commit(h);
}

static void make_org(struct history *h)
{
	history_begin(h, 0, STORE_WRITE);
	history_must(db_exec(&h->c, &SQL_ORG, NO_ARGS), &h->c, "organisation");
	history_commit(h);
	history_must(store_migrate(h->store, &h->c, HISTORY_ORG), &h->c, "migrate");
}

static void make_partners(struct history *h, const char *terms)
{
	struct campaign campaign = { .slug = STR("main"),
				     .name = STR("Main"),
				     .currency = STR("USD"),
				     .url = STR("https://shop.example/") };

	history_begin(h, HISTORY_ORG, STORE_WRITE);
	history_must(campaign_create(&h->c, &campaign, str_from(terms)), &h->c, "campaign");
	h->campaign_id = campaign.id;
	for (int i = 0; i < HISTORY_PARTNERS; i++) {
		struct partner_new p = {
			.name = arena_printf(&h->arena, "Partner %d", i),
			.email = arena_printf(&h->arena, "p%d@example.com", i),
			.campaign_id = campaign.id,
			.parent_id = i % 4 == 3 ? h->partners[i - 3] : 0,
			.status = -1,
		};
		struct partner made;

		history_must(partner_enrol(&h->c, &p, &made), &h->c, "partner");
		h->partners[i] = made.id;
	}
	history_commit(h);
}

static struct track event_of(struct history *h, const struct history_plan *plan, int64_t i)
{
	struct track t = {
		.type = i % 20 == 19 ? EVENT_REFUND : EVENT_SALE,
		.external_id = arena_printf(&h->arena, "e%lld", (long long)i),
		.currency = STR("USD"),
		.source = STR("bench"),
	};

	if (t.type == EVENT_REFUND) {
		t.of_id = arena_printf(&h->arena, "e%lld", (long long)i - 1);
		return t;
	}
	t.customer_country = i % 3 ? STR("DE") : STR("US");
	t.amount = 2900 + i % 11 * 1000;
	t.tax = t.amount / 10;
	t.product = i % 2 ? STR("monthly") : STR("annual");
	plan->sale(h, plan, i, &t);
	return t;
}

static void make_events(struct history *h, const struct history_plan *plan)
{
	for (int64_t i = 0; i < plan->events;) {
		history_begin(h, HISTORY_ORG, STORE_WRITE);
		do {
			struct track t = event_of(h, plan, i++);
			struct recorded r;

			h->c.now_ms += plan->step_ms;
			history_must(event_record(&h->c, &t, &r), &h->c, "event");
		} while (i % BATCH != 0 && i < plan->events);
		history_commit(h);
		arena_reset(&h->arena);
	}
}

void history_make(struct history *h, const struct history_plan *plan)
{
	make_org(h);
	make_partners(h, plan->terms);
	make_events(h, plan);
}

double history_cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec)
	       + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
	(void)s;
	(void)kind;
	(void)at;
	return remove(path);
}

void history_remove(const char *dir)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
