/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/past.h"

#include "base/check.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"
#include "customer/customer.h"
#include "event/about.h"
#include "event/lead.h"
#include "whatif/credit.h"

#define PAGE 500

static _Thread_local struct accrual stored;

#define JUDGED_BY \
	FIELD(struct event, id, .flags = 0),          FIELD(struct event, type, .flags = 0), \
	FIELD(struct event, customer_id, .flags = 0), FIELD(struct event, campaign_id, .flags = 0), \
	FIELD(struct event, partner_id, .flags = 0),  FIELD(struct event, link_id, .flags = 0), \
	FIELD(struct event, related_id, .flags = 0),  FIELD(struct event, amount, .flags = 0), \
	FIELD(struct event, tax, .flags = 0),         FIELD(struct event, currency, .flags = 0), \
	FIELD(struct event, invoice_index, .flags = 0), \
	FIELD(struct event, occurred_at, .flags = 0), \
	FIELD(struct event, received_at, .flags = 0), FIELD(struct event, facts, .flags = 0), \
	FIELD(struct event, inputs, .flags = 0)

static const struct field event_fields[] = { JUDGED_BY };
static const struct field touched_fields[] = { JUDGED_BY,
	                                       FIELD(struct event, attribution, .flags = 0) };
static const struct model past_model = MODEL("event", event_fields);
static const struct model touched_model = MODEL("event", touched_fields);

/* Of all campaigns: a scan of the whole table is quicker than leaving rows out of it. */
#define ALL_EVENTS \
	"SELECT @columns FROM event WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3"

static const struct sql SQL_EVENTS = { .text = ALL_EVENTS, .whole = true, .model = &past_model };
static const struct sql SQL_TOUCHED = { .text = ALL_EVENTS, .whole = true,
	                                .model = &touched_model };

static const struct field taken_fields[] = {
	FIELD(struct taken, sale_id, .flags = 0),  FIELD(struct taken, event_id, .flags = 0),
	FIELD(struct taken, disputed, .flags = 0), FIELD(struct taken, dispute, .flags = 0),
	FIELD(struct taken, state, .flags = 0),    FIELD(struct taken, amount, .flags = 0),
	FIELD(struct taken, at, .flags = 0),
};

static const struct model taken_model = MODEL("sale_refund", taken_fields);

static const struct sql SQL_TAKEN = {
	.text = "SELECT sale_id, event_id, CAST(0 AS BIGINT) AS disputed, CAST('' AS TEXT) AS"
	        " dispute, CAST(0 AS BIGINT) AS state, amount, at FROM sale_refund"
	        " WHERE org_id = $1 AND sale_id BETWEEN $2 AND $3"
	        " UNION ALL SELECT sale_id, event_id, CAST(1 AS BIGINT), dispute, state, amount, at"
	        " FROM sale_dispute WHERE org_id = $1 AND sale_id BETWEEN $2 AND $3"
	        " ORDER BY sale_id, event_id",
	.model = &taken_model,
};

static const struct field left_fields[] = {
	FIELD(struct left, customer_id, .flags = 0),
	FIELD(struct left, at, .flags = 0),
	FIELD(struct left, event_id, .flags = 0),
};

static const struct model left_model = MODEL("event", left_fields);

static const struct sql SQL_LEFT = {
	.text = "SELECT customer_id, occurred_at AS at, id AS event_id FROM event"
	        " WHERE org_id = $1 AND type = 4 ORDER BY customer_id, occurred_at, id",
	.model = &left_model,
};

_Static_assert(EVENT_CHURN == 4, "the type in the statement");

static const struct field undone_fields[] = {
	FIELD(struct undone, event_id, .flags = 0),
	FIELD(struct undone, partner_id, .flags = 0),
	FIELD(struct undone, kind, .flags = 0),
	FIELD(struct undone, status, .flags = 0),
	FIELD(struct undone, reversed, .flags = 0),
};

static const struct model undone_model = MODEL("commission", undone_fields);

static const struct sql SQL_UNDONE = {
	.text = "SELECT @columns FROM commission WHERE org_id = $1 AND event_id BETWEEN $2 AND $3"
	        " AND reversed > 0 ORDER BY event_id, id",
	.model = &undone_model,
};

static const struct field version_fields[] = {
	FIELD(struct past_version, id, .flags = 0),
	FIELD(struct past_version, version, .flags = 0),
	FIELD(struct past_version, effective_at, .flags = 0),
};

static const struct model version_model = MODEL("terms", version_fields);

static const struct sql SQL_VERSIONS = {
	.text = "SELECT @columns FROM terms WHERE org_id = $1 AND campaign_id = $2 ORDER BY version",
	.model = &version_model,
};

bool past_init(struct past *p, struct str zone)
{
	p->zone = zone;
	return db_list(p->lasting, &SQL_VERSIONS, ARGS(val_int(p->campaign_id)),
	               sizeof(struct past_version), &p->versions)
	       && db_list(p->lasting, &SQL_LEFT, NO_ARGS, sizeof(struct left), &p->churns);
}

#define PAGE_BYTES ((size_t)2 << 20) /* what a page needs, and more */

/* A refund has no campaign; nor has an event that is credited to nobody. */
static bool is_wanted(const struct past *p, const struct event *e)
{
	return e->campaign_id == 0 || e->campaign_id == p->campaign_id;
}

static void keep_texts(struct arena *a, struct event *e)
{
	e->currency = arena_str(a, e->currency);
	e->facts = arena_str(a, e->facts);
	e->inputs = arena_str(a, e->inputs);
	e->attribution = arena_str(a, e->attribution);
}

/* Fewer than a page has room for are the last. */
static bool read_events(struct past *p, struct past_page *page)
{
	struct event *all = ARENA_ARRAY(&page->arena, struct event, PAGE);
	size_t n = 0;
	bool found = true;

	while (n < PAGE) {
		if (!cursor_next(&p->events, &all[n], &found)) {
			page->c.err = p->reading.err;
			return false;
		}
		if (!found)
			break;
		if (is_wanted(p, &all[n]))
			keep_texts(&page->arena, &all[n++]);
	}
	page->events = (struct list){ all, n };
	return true;
}

static bool read_page(struct past *p, struct past_page *page)
{
	const struct event *events;
	struct ctx *c = &page->c;
	struct args ids;

	if (!read_events(p, page))
		return false;
	if (page->events.count == 0)
		return true;
	events = page->events.items;
	ids = ARGS(val_int(events[0].id), val_int(events[page->events.count - 1].id));
	return db_list(c, &SQL_TAKEN, ids, sizeof(struct taken), &page->taken)
	       && db_list(c, &SQL_UNDONE, ids, sizeof(struct undone), &page->undone);
}

static bool read_ahead(void *arg, size_t number)
{
	struct past *p = arg;
	struct past_page *page = &p->pages[number];

	arena_reset(&page->arena);
	page->taken_at = page->undone_at = 0;
	page->events = page->taken = page->undone = (struct list){ 0 };
	page->ok = read_page(p, page);
	return page->ok && page->events.count == PAGE;
}

bool past_start(struct past *p)
{
	p->reading = *p->lasting;
	if (!cursor_open(&p->events, &p->reading, p->touches ? &SQL_TOUCHED : &SQL_EVENTS, 1)) {
		p->lasting->err = p->reading.err;
		cursor_close(&p->events);
		return false;
	}
	for (size_t i = 0; i < AHEAD_PAGES; i++) {
		struct past_page *page = &p->pages[i];

		arena_init(&page->arena);
		arena_reserve(&page->arena, PAGE_BYTES);
		page->c = *p->lasting;
		page->c.arena = &page->arena;
	}
	ahead_start(&p->ahead, read_ahead, p);
	return true;
}

void past_stop(struct past *p)
{
	ahead_stop(&p->ahead);
	cursor_close(&p->events);
	for (size_t i = 0; i < AHEAD_PAGES; i++)
		arena_release(&p->pages[i].arena);
}

bool past_read(struct past *p, bool *out_any)
{
	size_t number;

	*out_any = ahead_next(&p->ahead, &number);
	if (*out_any)
		p->page = &p->pages[number];
	return !*out_any || p->page->ok;
}

static bool compiled(struct past *p, struct past_version *v, const struct terms **out)
{
	bool ok = true;

	if (!v->terms) {
		ahead_lock(p->page ? &p->ahead : NULL);
		ok = terms_compiled(p->lasting, v->id, &v->terms);
		ahead_unlock(p->page ? &p->ahead : NULL);
	}
	*out = v->terms;
	return ok;
}

/* The first version counts from the beginning of time. */
bool past_terms_at(struct past *p, int64_t at_ms, const struct terms **out)
{
	struct past_version *all = p->versions.items;
	size_t i = p->versions.count;

	CHECK(i > 0);
	while (i > 1 && all[i - 1].effective_at > at_ms)
		i--;
	return compiled(p, &all[i - 1], out);
}

bool past_terms_version(struct past *p, int64_t version, const struct terms **out)
{
	struct past_version *all = p->versions.items;

	for (size_t i = 0; i < p->versions.count; i++)
		if (all[i].version == version)
			return compiled(p, &all[i], out);
	return fail(p->lasting, ERR_NOT_FOUND, "compare", "There is no version %lld of the terms",
	            (long long)version);
}

/* When the customer of an event left after it. */
static struct left_list left_after(const struct past *p, const struct event *e)
{
	const struct left *all = p->churns.items;
	size_t low = 0, high = p->churns.count, n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (all[middle].customer_id < e->customer_id
		    || (all[middle].customer_id == e->customer_id && all[middle].at < e->occurred_at))
			low = middle + 1;
		else
			high = middle;
	}
	while (e->customer_id != 0 && low + n < p->churns.count
	       && all[low + n].customer_id == e->customer_id)
		n++;
	return (struct left_list){ all + low, n };
}

void past_take_back(struct past *p, const struct event *e, struct happening *out)
{
	struct past_page *at = p->page;
	const struct taken *all = at->taken.items;
	struct taken_facts known;
	size_t n = 0;

	while (at->taken_at < at->taken.count && all[at->taken_at].sale_id < e->id)
		at->taken_at++;
	while (at->taken_at + n < at->taken.count && all[at->taken_at + n].sale_id == e->id)
		n++;
	if (n > 0) {
		out->taken = (struct taken_list){ all + at->taken_at, n };
		taken_known(&at->arena, &out->taken, INT64_MAX, about_whole(e), &known);
		out->facts = known.facts;
	}
	out->left = left_after(p, e);
	out->facts.churned_at_ms = left_known(&out->left, INT64_MAX);
}

static void take_undone(struct past *p, int64_t event_id, struct happening *out)
{
	struct past_page *at = p->page;
	const struct undone *all = at->undone.items;
	size_t n = 0;

	while (at->undone_at < at->undone.count && all[at->undone_at].event_id < event_id)
		at->undone_at++;
	out->undone = all + at->undone_at;
	while (at->undone_at + n < at->undone.count && all[at->undone_at + n].event_id == event_id)
		n++;
	out->undone_count = n;
}

bool past_know(struct past *p, struct happening *out, struct customer *cu)
{
	struct ctx *c = &p->page->c;

	if (!customer_get(c, out->event->customer_id, cu))
		return false;
	out->email = cu->email;
	out->lead_key = lead_key(c, cu);
	return true;
}

static bool know_lead(struct past *p, struct happening *out)
{
	struct customer cu;
	bool ok;

	if (out->event->type != EVENT_LEAD || out->event->customer_id == 0)
		return true;
	ahead_lock(&p->ahead);
	ok = past_know(p, out, &cu);
	ahead_unlock(&p->ahead);
	return ok;
}

static bool read_contacts(struct past *p, struct happening *out)
{
	bool ok = credit_read(&p->page->c, out);

	if (!ok || !credit_lacks(out))
		return ok;
	ahead_lock(&p->ahead);
	ok = credit_agreed(&p->page->c, out);
	ahead_unlock(&p->ahead);
	return ok;
}

bool past_recall(struct past *p, const struct event *e, struct happening *out)
{
	char id[ID_TEXT_MAX];

	*out = (struct happening){ .event = e, .stored = &stored };
	past_take_back(p, e, out);
	take_undone(p, e->id, out);
	if (!past_terms_at(p, e->occurred_at, &out->terms))
		return false;
	if (!recall_read(&p->page->c, e, p->currency, &out->recall)) {
		id_format(ID_EVENT, e->id, id);
		fail_clear(&p->page->c);
		return fail(&p->page->c, ERR_STATE, NULL,
		            "%s cannot be judged again; partnerd audit says more", id);
	}
	if ((p->touches && !read_contacts(p, out)) || !know_lead(p, out))
		return false;
	if (e->type == EVENT_TRUE_UP)
		accrue_correction(out->terms, &out->recall.inputs.standing,
		                  &out->recall.correction, &stored);
	else
		accrue(out->terms, &out->recall.inputs.standing, &out->recall.inputs.event,
		       &stored);
	return true;
}

const struct sql *const whatif_past_sql[] = {
	&SQL_EVENTS, &SQL_TOUCHED, &SQL_TAKEN, &SQL_LEFT, &SQL_UNDONE, &SQL_VERSIONS, NULL,
};
