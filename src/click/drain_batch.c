/* SPDX-License-Identifier: Apache-2.0 */
#include "click/drain_batch.h"
#include "click/click.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "db/db.h"

static const struct sql SQL_POSITION = {
	.text = "SELECT position FROM drain_position"
	        " WHERE org_id = $1 AND journal = $2",
};

static const struct sql SQL_MOVE = {
	.text = "INSERT INTO drain_position (org_id, journal, position)"
	        " VALUES ($1, $2, $3)"
	        " ON CONFLICT (org_id, journal) DO UPDATE SET position = EXCLUDED.position",
};

static const struct sql SQL_INSERT = {
	.text = "INSERT INTO click (org_id, id, link_id, partner_id, campaign_id, at, device,"
	        " referrer, utm, country, sub, flags)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
	        " ON CONFLICT (org_id, id) DO NOTHING",
};

static const struct sql SQL_COUNT = {
	.text = "INSERT INTO click_daily"
	        " (org_id, day, link_id, partner_id, campaign_id, clicks, bots)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7)"
	        " ON CONFLICT (org_id, day, link_id, partner_id, campaign_id) DO UPDATE"
	        " SET clicks = click_daily.clicks + EXCLUDED.clicks,"
	        " bots = click_daily.bots + EXCLUDED.bots",
};

static const struct sql SQL_ARRIVED = {
	.text = "INSERT INTO click_hour (org_id, hour, made, arrived, counted, aim, reached)"
	        " VALUES ($1, $2, $3, $4, 0, 0, 0)"
	        " ON CONFLICT (org_id, hour, made) DO UPDATE"
	        " SET arrived = click_hour.arrived + EXCLUDED.arrived",
};

const struct sql *const drain_sql[] = {
	&SQL_POSITION, &SQL_MOVE, &SQL_INSERT, &SQL_COUNT, &SQL_ARRIVED, NULL,
};

/* One row of click_daily: days are UTC, counted from the epoch. Partner 0: all of the day. */
struct daily {
	int64_t day, link_id, partner_id, campaign_id, clicks, bots;
};

/* One row of click_hour; most batches have one or two. */
struct hourly {
	int64_t hour, made, arrived;
};

struct counts {
	size_t n, hour_count;
	struct daily rows[2 * DRAIN_BATCH_MAX];
	struct hourly hours[DRAIN_BATCH_MAX];
};

static void count_hour(struct counts *all, const struct click *k)
{
	int64_t hour = k->at_ms / MS_PER_HOUR, made = id_time_ms(k->id) / MS_PER_HOUR;
	size_t i = all->hour_count;

	while (i > 0 && (all->hours[i - 1].hour != hour || all->hours[i - 1].made != made))
		i--;
	if (i == 0) {
		all->hours[all->hour_count++] = (struct hourly){ .hour = hour, .made = made };
		i = all->hour_count;
	}
	all->hours[i - 1].arrived++;
}

/* Clicks that were told by a code have no link. */
static bool same_row(const struct daily *a, const struct daily *b)
{
	return a->link_id == b->link_id && a->day == b->day
	    && (a->link_id != 0
	        || (a->partner_id == b->partner_id && a->campaign_id == b->campaign_id));
}

static void add(struct counts *all, const struct daily *d)
{
	size_t i = all->n;

	while (i > 0 && !same_row(&all->rows[i - 1], d))
		i--;
	if (i == 0) {
		all->rows[all->n++] = *d;
		return;
	}
	all->rows[i - 1].clicks += d->clicks;
	all->rows[i - 1].bots += d->bots;
}

static void count(struct counts *all, const struct click *k)
{
	bool bot = k->flags & (CLICK_BOT | CLICK_ANONYMISER);
	struct daily d = { .day = k->at_ms / MS_PER_DAY,
		           .bots = bot,
		           .clicks = !bot && !(k->flags & CLICK_PREFETCH) };

	add(all, &d);
	d.link_id = k->link_id;
	d.partner_id = k->partner_id;
	d.campaign_id = k->campaign_id;
	add(all, &d);
}

static bool insert(struct ctx *c, const struct click *k)
{
	return db_exec(c, &SQL_INSERT,
	               ARGS(val_int(k->id), val_int(k->link_id), val_int(k->partner_id),
	                    val_int(k->campaign_id), val_int(k->at_ms),
	                    val_str(click_device_text(c->arena, k->device)), val_str(k->referrer),
	                    val_str(k->utm), val_str(k->country), val_str(k->sub),
	                    val_int(k->flags)));
}

static bool insert_counts(struct ctx *c, const struct counts *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct daily *d = &all->rows[i];

		if (!db_exec(c, &SQL_COUNT,
		             ARGS(val_int(d->day), val_int(d->link_id), val_int(d->partner_id),
		                  val_int(d->campaign_id), val_int(d->clicks), val_int(d->bots))))
			return false;
	}
	for (size_t i = 0; i < all->hour_count; i++) {
		const struct hourly *h = &all->hours[i];

		if (!db_exec(c, &SQL_ARRIVED,
		             ARGS(val_int(h->hour), val_int(h->made), val_int(h->arrived))))
			return false;
	}
	return true;
}

static bool reset(struct ctx *c, struct drain_batch *b, int64_t position)
{
	int64_t start = journal_run_start(b->journal);

	log_event(LOG_WARN, "the click journal is older than the database: its positions begin anew",
	          LOG_INT("org", c->org_id), LOG_INT("stored", position), LOG_INT("now", start));
	b->reset = true;
	return db_exec(c, &SQL_MOVE, ARGS(val_int(journal_id(b->journal)), val_int(start)));
}

bool drain_batch_run(struct ctx *c, struct task *t)
{
	struct drain_batch *b = (struct drain_batch *)t;
	struct counts *all = ARENA_NEW(c->arena, struct counts);
	struct val journal = val_int(journal_id(b->journal));
	int64_t position, last = b->items[b->count - 1].pos;
	struct click k;

	CHECK(b->count > 0 && c->org_id == t->org_id);
	b->inserted = b->skipped = 0;
	b->reset = false;
	if (!db_int(c, &SQL_POSITION, ARGS(journal), &position))
		return false;
	/* Run again after a commit that failed, perhaps, it finds its own position: see `sound`. */
	if (b->first && !b->sound && position > journal_run_start(b->journal))
		return reset(c, b, position);
	b->sound = true;
	for (size_t i = 0; i < b->count; i++) {
		if (b->items[i].pos < position) {
			b->skipped++;
			continue;
		}
		journal_get(b->journal, b->items[i].pos, &k);
		CHECK(k.org_id == c->org_id && k.id == b->items[i].id);
		if (!insert(c, &k))
			return false;
		count(all, &k);
		count_hour(all, &k);
		b->inserted++;
	}
	return b->inserted == 0
	    || (insert_counts(c, all) && db_exec(c, &SQL_MOVE, ARGS(journal, val_int(last + 1))));
}
