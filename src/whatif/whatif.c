/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/whatif.h"

#include "base/check.h"
#include "base/clock.h"
#include "campaign/terms_doc.h"
#include "commission/commission.h"
#include "data/model_json.h"
#include "event/standing.h"
#include "org/zone.h"
#include "whatif/extra.h"
#include "whatif/past.h"
#include "whatif/settle.h"
#include "whatif/unclaimed.h"

#include <stdlib.h>

#define OLD 0
#define NEW 1

struct run {
	struct ctx page, lasting; /* the first for what is soon forgotten */
	struct whatif_ask *ask;   /* the one in `out` */
	const struct terms *before, *after; /* the first NULL: what was in force */
	struct past past;
	struct today today;
	struct world worlds[WORLDS_MAX];
	struct terms variants[WHATIF_MODELS]; /* the new terms under other models */
	size_t world_count;
	struct world_sums sums;
	struct str zone;
	struct extras extras;
	struct whatif *out;
};

static const struct field new_fields[] = {
	FIELD(struct whatif_new, terms, .flags = IN | REQUIRED, .as = AS_JSON),
	FIELD(struct whatif_new, from, .flags = IN | NULLABLE, .max = 40),
	FIELD(struct whatif_new, to, .flags = IN | NULLABLE, .max = 40),
	FIELD(struct whatif_new, compare, .flags = IN | NULLABLE, .min = 1, .max = 1000000),
	FIELD(struct whatif_new, attribution, .flags = IN | NULLABLE),
	FIELD(struct whatif_new, models, .flags = IN),
};

const struct model whatif_new_model = MODEL("simulation", new_fields);

/* A day begins when it begins where the organisation is. */
static bool read_moment(struct ctx *c, const char *field, struct str text, int64_t *out_ms)
{
	struct str zone;
	struct date day;

	*out_ms = 0;
	if (text.n == 0)
		return true;
	if (!date_parse(text, &day))
		return time_parse(text, out_ms)
		       || fail(c, ERR_INVALID, field, "is not a day or time like 2026-11-20");
	if (!org_timezone(c, &zone))
		return false;
	*out_ms = zone_day_start_ms(zone, day);
	return true;
}

bool whatif_read(struct ctx *c, const struct whatif_new *in, struct whatif_ask *out)
{
	*out = (struct whatif_ask){ .terms = in->terms, .compare = in->compare,
		                    .attribution = in->attribution,
		                    .attribution_told = in->attribution_told,
		                    .models = in->models };
	return read_moment(c, "from", in->from, &out->from_ms)
	       && read_moment(c, "to", in->to, &out->to_ms);
}

bool whatif_read_body(struct ctx *c, const json_t *body, struct whatif_ask *out)
{
	struct whatif_new in = { .attribution_told =
		                         json_is_boolean(json_object_get(body, "attribution")) };

	return model_read(c, &whatif_new_model, body, &in, true) && whatif_read(c, &in, out);
}

static bool check_ask(struct ctx *c, const struct whatif_ask *ask)
{
	if (ask->to_ms != 0 && ask->to_ms <= ask->from_ms)
		return fail(c, ERR_INVALID, "to", "must come after from");
	return true;
}

static void add_world(struct run *r, const struct terms *terms, bool touches)
{
	struct world *w = &r->worlds[r->world_count];
	const struct world from = { .terms = terms, .place = r->world_count, .sums = &r->sums,
		                    .today = &r->today, .arena = r->lasting.arena,
		                    .touches = touches, .ask = r->ask, .zone = r->zone };

	world_init(w, &from);
	r->world_count++;
}

static bool read_terms(struct run *r)
{
	struct terms *t = ARENA_NEW(r->lasting.arena, struct terms);

	r->after = t;
	return terms_doc_parse(&r->lasting, r->ask->terms, r->out->currency, t)
	       && (!r->ask->compare || past_terms_version(&r->past, r->ask->compare, &r->before));
}

/* Do both credit the same partners? Deals that are registered have their protection already. */
static bool same_attribution(const struct attribution_rules *a, const struct attribution_rules *b)
{
	bool days = a->ownership == OWNERSHIP_DAYS;

	if (a->model != b->model || a->cookie_days != b->cookie_days || a->ownership != b->ownership
	    || (days && a->ownership_days != b->ownership_days)
	    || a->priority_count != b->priority_count)
		return false;
	for (size_t i = 0; i < a->priority_count; i++)
		if (a->priority[i] != b->priority[i])
			return false;
	return true;
}

/* Unless it is told: terms that attribute otherwise cost nothing more until they credit somebody. */
static bool choose_credit(struct run *r)
{
	const struct terms *now = r->before;

	if (!now && !past_terms_at(&r->past, r->lasting.now_ms, &now))
		return false;
	r->out->attributes_otherwise = !same_attribution(&now->attribution, &r->after->attribution);
	if (!r->ask->attribution_told && r->out->attributes_otherwise)
		r->ask->attribution = true;
	r->past.touches = r->ask->attribution || r->ask->models;
	return true;
}

/* Outside the time that is asked for the terms were others, and may settle periods, too. */
static bool recall_terms(struct run *r)
{
	const struct past_version *all = r->past.versions.items;

	for (size_t i = 0; i < r->past.versions.count; i++) {
		const struct terms *t;

		if (!past_terms_version(&r->past, all[i].version, &t))
			return false;
		for (size_t k = 0; k < r->world_count; k++)
			if (r->worlds[k].terms && (r->ask->from_ms || r->ask->to_ms))
				world_remember_by(&r->worlds[k], t);
	}
	return true;
}

static bool any_pays(const struct run *r, enum trigger kind)
{
	for (size_t i = 0; i < r->world_count; i++)
		if (r->worlds[i].terms && accrue_pays_for(r->worlds[i].terms, kind))
			return true;
	return false;
}

/* What no terms of then have paid for, and some of these do. */
static bool find_extras(struct run *r)
{
	static const enum trigger kinds[] = { TRIGGER_CLICK, TRIGGER_RETAINER };

	r->extras = (struct extras){ .c = &r->lasting, .today = &r->today, .ask = r->ask,
		                     .campaign = &r->out->campaign, .zone = r->zone };
	for (size_t i = 0; i < LEN(kinds); i++)
		if (any_pays(r, kinds[i]) && !extra_find(&r->extras, kinds[i]))
			return false;
	extra_sort(&r->extras);
	return true;
}

static bool open_worlds(struct run *r)
{
	add_world(r, r->before, false);
	add_world(r, r->after, r->ask->attribution);
	for (size_t i = 0; r->ask->models && i < WHATIF_MODELS; i++) {
		r->variants[i] = *r->after;
		r->variants[i].attribution.model = (enum attribution_model)i;
		add_world(r, &r->variants[i], true);
	}
	return recall_terms(r) && find_extras(r);
}

/* What became of the event between the old and the new terms. */
static void compare(struct whatif *out, const struct world_outcome *was,
                    const struct world_outcome *is)
{
	out->events++;
	if (was->gate != GATE_NONE && is->gate == GATE_NONE) {
		out->gained++;
		out->gained_by[was->gate]++;
	} else if (was->gate == GATE_NONE && is->gate != GATE_NONE) {
		out->lost++;
		out->lost_by[is->gate]++;
	} else {
		out->more += is->earned_minor > was->earned_minor;
		out->less += is->earned_minor < was->earned_minor;
		out->same += is->earned_minor == was->earned_minor;
	}
}

static bool inside(const struct whatif_ask *ask, int64_t at_ms)
{
	return at_ms >= ask->from_ms && (ask->to_ms == 0 || at_ms < ask->to_ms);
}

static bool judge(struct run *r, const struct happening *h)
{
	struct world_outcome outcomes[WORLDS_MAX] = { 0 };

	for (size_t i = 0; i < r->world_count; i++)
		outcomes[i].gate = h->unclaimed ? GATE_NOT_CREDITED : GATE_TRIGGER;
	for (size_t i = 0; i < r->world_count; i++)
		if (!world_judge(&r->worlds[i], h, &outcomes[i]))
			return false;
	if (h->inside && h->event->type != EVENT_TRUE_UP
	    && ((!h->extra && !h->unclaimed) || outcomes[NEW].gate == GATE_NONE))
		compare(r->out, &outcomes[OLD], &outcomes[NEW]);
	return true;
}

/* What is over by then is settled. */
static bool settle_all(struct run *r, int64_t now_ms)
{
	for (size_t i = 0; i < r->world_count; i++)
		if (!settle_run(&r->worlds[i], now_ms))
			return false;
	return true;
}

/* What the jobs would have done up to a moment. */
static bool run_jobs(struct run *r, int64_t now_ms)
{
	const struct extra *e;
	struct happening h;

	while (extra_next(&r->extras, now_ms, &e))
		if (!settle_all(r, e->event.received_at - 1)
		    || !extra_happen(&r->extras, e, &h) || !judge(r, &h))
			return false;
	return settle_all(r, now_ms);
}

static void take_back(struct run *r, const struct event *e)
{
	for (size_t i = 0; i < r->world_count; i++) {
		r->worlds[i].now_ms = e->received_at;
		if (e->type == EVENT_CHURN)
			world_leave(&r->worlds[i], e->customer_id, e->id);
		else
			world_take_back(&r->worlds[i], e->related_id, e->id);
	}
}

/* What belongs to the event; *out_any: it may earn something. */
static bool gather(struct run *r, const struct event *e, struct happening *out, bool *out_any)
{
	*out_any = e->campaign_id != 0 || r->past.touches;
	if (!*out_any)
		return true;
	if (e->campaign_id == 0 ? !unclaimed_recall(&r->past, e, out, out_any)
	                        : !past_recall(&r->past, e, out))
		return false;
	out->inside = inside(r->ask, e->occurred_at);
	return true;
}

/* What has been restated since is part of what it has cost, and of no other terms. */
static bool restated(struct run *r, const struct event *e)
{
	struct world *old = &r->worlds[OLD];
	struct list all;
	bool ok;

	if (old->terms || !inside(r->ask, e->occurred_at))
		return true;
	ahead_lock(&r->past.ahead);
	ok = commission_of_event(&r->past.page->c, e->id, &all);
	ahead_unlock(&r->past.ahead);
	if (ok)
		world_restate(old, standing_month(r->zone, e->occurred_at), &all);
	return ok;
}

static bool judge_one(struct run *r, const struct event *e)
{
	struct happening h;
	bool any;

	/* The other jobs make their events before periods are settled. */
	bool by_job = e->type == EVENT_CLICK || e->type == EVENT_RETAINER;

	if (!run_jobs(r, e->received_at - by_job))
		return false;
	if (event_takes_back(e->type)) {
		take_back(r, e);
		return true;
	}
	if (e->type == EVENT_RESTATED)
		return restated(r, e);
	return gather(r, e, &h, &any) && (!any || judge(r, &h));
}

static bool judge_page(struct run *r)
{
	const struct event *events = r->past.page->events.items;
	size_t size = 0;

	for (size_t i = 0; i < r->past.page->events.count; i++)
		if (!judge_one(r, &events[i]))
			return false;
	for (size_t i = 0; i < r->world_count; i++)
		size += world_size(&r->worlds[i]);
	if (size > WHATIF_ENTRIES_MAX)
		return fail(&r->lasting, ERR_TOO_LARGE, NULL,
		            "There are too many partners, customers and sales to keep in mind"
		            " at once (%d)", WHATIF_ENTRIES_MAX);
	return true;
}

static bool judge_pages(struct run *r)
{
	bool any = true;

	while (any)
		if (!past_read(&r->past, &any) || (any && !judge_page(r)))
			return false;
	if (!run_jobs(r, r->lasting.now_ms))
		return false;
	for (size_t i = 0; i < r->world_count; i++)
		if (!settle_finish(&r->worlds[i], r->lasting.now_ms))
			return false;
	return true;
}

static bool judge_all(struct run *r)
{
	bool ok;

	if (!past_start(&r->past))
		return false;
	r->today.ahead = &r->past.ahead;
	ok = judge_pages(r);
	r->today.ahead = NULL;
	if (!ok && r->past.page)
		r->page.err = r->past.page->c.err;
	past_stop(&r->past);
	return ok;
}

static int by_difference(const void *a, const void *b)
{
	const struct whatif_partner *x = a, *y = b;
	int64_t dx = llabs(x->new_minor - x->old_minor), dy = llabs(y->new_minor - y->old_minor);

	return dx != dy ? (dx < dy) - (dx > dy) : (x->id > y->id) - (x->id < y->id);
}

static int by_month(const void *a, const void *b)
{
	const struct whatif_month *x = a, *y = b;

	return (x->month > y->month) - (x->month < y->month);
}

static void put_partners(struct run *r, struct arena *a)
{
	size_t n = r->sums.partners.count;
	struct whatif_partner *all = ARENA_ARRAY(a, struct whatif_partner, n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct world_sum *s = table_at(&r->sums.partners, i);

		all[i] = (struct whatif_partner){ .id = s->id, .old_minor = s->net_minor[OLD],
			                          .new_minor = s->net_minor[NEW] };
		memcpy(all[i].models, s->net_minor + NEW + 1, sizeof(all[i].models));
	}
	qsort(all, n, sizeof(*all), by_difference);
	r->out->partners = all;
	r->out->partner_count = n;
}

static void put_months(struct run *r, struct arena *a)
{
	size_t n = r->sums.months.count;
	struct whatif_month *all = ARENA_ARRAY(a, struct whatif_month, n + 1);

	for (size_t i = 0; i < n; i++) {
		const struct world_sum *s = table_at(&r->sums.months, i);

		all[i] = (struct whatif_month){ s->id, s->net_minor[OLD], s->net_minor[NEW] };
	}
	qsort(all, n, sizeof(*all), by_month);
	r->out->months = all;
	r->out->month_count = n;
}

struct named {
	int64_t id;
	struct str name;
};

static const struct field named_fields[] = {
	FIELD(struct named, id, .flags = 0),
	FIELD(struct named, name, .flags = 0),
};

static const struct model named_model = MODEL("partner", named_fields);

static const struct sql SQL_NAMES = {
	.text = "SELECT @columns FROM partner WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT 2000",
	.model = &named_model,
};

static void name_partners(const struct table *places, struct whatif_partner *all,
                          const struct list *names, struct arena *a)
{
	for (size_t i = 0; i < names->count; i++) {
		const struct named *n = (const struct named *)names->items + i;
		const size_t *place = table_find(places, n->id, 0);

		if (place)
			all[*place].name = arena_str(a, n->name);
	}
}

/* All names in a few statements, rather than one for each partner. */
static bool put_names(struct run *r, struct arena *a)
{
	struct whatif_partner *all = (struct whatif_partner *)(uintptr_t)r->out->partners;
	struct table places;
	struct list names;
	int64_t last = 0;
	bool ok;

	table_init(&places, sizeof(size_t));
	for (size_t i = 0; i < r->out->partner_count; i++)
		*(size_t *)table_add(&places, all[i].id, 0, NULL) = i;
	do {
		arena_reset(r->page.arena);
		ok = db_list(&r->page, &SQL_NAMES, ARGS(val_int(last)), sizeof(struct named), &names);
		if (ok && names.count > 0) {
			name_partners(&places, all, &names, a);
			last = ((const struct named *)names.items)[names.count - 1].id;
		}
	} while (ok && names.count == 2000);
	table_free(&places);
	return ok;
}

static bool put_result(struct run *r, struct arena *a)
{
	struct whatif *out = r->out;

	out->old = r->worlds[OLD].side;
	out->new = r->worlds[NEW].side;
	for (size_t i = NEW + 1; i < r->world_count; i++)
		out->models[i - NEW - 1] = r->worlds[i].side;
	out->uplines_today = r->today.uplines;
	out->standing_today = r->today.credits;
	out->open_periods = (int64_t)settle_open(&r->worlds[NEW]);
	put_partners(r, a);
	put_months(r, a);
	return put_names(r, a);
}

static void open_run(struct run *r, struct ctx *c, struct arena *arenas)
{
	arena_init(&arenas[0]);
	arena_init(&arenas[1]);
	r->page = r->lasting = *c;
	r->page.arena = &arenas[0];
	r->lasting.arena = &arenas[1];
	r->past = (struct past){ .lasting = &r->lasting,
		                 .campaign_id = r->ask->campaign_id,
		                 .currency = r->out->currency,
		                 .closed_at_ms = r->out->campaign.closed_at };
	today_init(&r->today, &r->lasting, r->ask->campaign_id, r->out->currency);
	table_init(&r->sums.partners, sizeof(struct world_sum));
	table_init(&r->sums.months, sizeof(struct world_sum));
}

static void close_run(struct run *r, struct arena *arenas)
{
	for (size_t i = 0; i < r->world_count; i++)
		world_free(&r->worlds[i]);
	table_free(&r->sums.partners);
	table_free(&r->sums.months);
	today_free(&r->today);
	arena_release(&arenas[0]);
	arena_release(&arenas[1]);
}

bool whatif_run(struct ctx *c, const struct whatif_ask *ask, struct whatif *out)
{
	struct arena arenas[2];
	struct run *r;
	bool ok;

	*out = (struct whatif){ .ask = *ask };
	if (!check_ask(c, ask) || !campaign_get(c, ask->campaign_id, &out->campaign))
		return false;
	out->currency = currency_find(out->campaign.currency);
	r = ARENA_NEW(c->arena, struct run);
	r->ask = &out->ask;
	r->out = out;
	open_run(r, c, arenas);
	ok = org_timezone(&r->lasting, &r->zone) && past_init(&r->past, r->zone)
	     && read_terms(r) && choose_credit(r) && open_worlds(r) && judge_all(r)
	     && put_result(r, c->arena);
	if (!ok)
		c->err = r->page.err.code != ERR_NONE ? r->page.err : r->lasting.err;
	close_run(r, arenas);
	return ok;
}

const struct sql *const whatif_sql[] = { &SQL_NAMES, NULL };
