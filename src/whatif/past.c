/* SPDX-License-Identifier: Apache-2.0 */
#include "whatif/past.h"

#include "base/check.h"
#include "campaign/terms_cache.h"
#include "commission/commission.h"

#define PAGE 500

static _Thread_local struct accrual stored;

#define JUDGED_BY \
	FIELD(struct event, id, .flags = 0),          FIELD(struct event, type, .flags = 0), \
	FIELD(struct event, customer_id, .flags = 0), FIELD(struct event, campaign_id, .flags = 0), \
	FIELD(struct event, partner_id, .flags = 0),  FIELD(struct event, link_id, .flags = 0), \
	FIELD(struct event, related_id, .flags = 0),  FIELD(struct event, amount, .flags = 0), \
	FIELD(struct event, tax, .flags = 0),         FIELD(struct event, currency, .flags = 0), \
	FIELD(struct event, invoice_index, .flags = 0), \
	FIELD(struct event, occurred_at, .flags = 0), FIELD(struct event, facts, .flags = 0), \
	FIELD(struct event, inputs, .flags = 0)

static const struct field event_fields[] = { JUDGED_BY };
static const struct field touched_fields[] = { JUDGED_BY,
	                                       FIELD(struct event, attribution, .flags = 0) };
static const struct model past_model = MODEL("event", event_fields);
static const struct model touched_model = MODEL("event", touched_fields);

/* A refund has no campaign; nor has an event that is credited to nobody. */
#define PAST_EVENTS \
	"SELECT @columns FROM event WHERE org_id = $1 AND id > $2 AND campaign_id IN (0, $3)" \
	" ORDER BY id LIMIT 500"

static const struct sql SQL_EVENTS = { .text = PAST_EVENTS, .model = &past_model };
static const struct sql SQL_TOUCHED = { .text = PAST_EVENTS, .model = &touched_model };

static const struct field applied_fields[] = {
	FIELD(struct applied, sale_id, .flags = 0),
	FIELD(struct applied, event_id, .flags = 0),
	FIELD(struct applied, amount, .flags = 0),
	FIELD(struct applied, at, .flags = 0),
};

static const struct model applied_model = MODEL("sale_refund", applied_fields);

static const struct sql SQL_REFUNDS = {
	.text = "SELECT @columns FROM sale_refund WHERE org_id = $1 AND sale_id BETWEEN $2 AND $3"
	        " ORDER BY sale_id, event_id",
	.model = &applied_model,
};

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

bool past_init(struct past *p)
{
	return db_list(p->lasting, &SQL_VERSIONS, ARGS(val_int(p->campaign_id)),
	               sizeof(struct past_version), &p->versions);
}

bool past_read(struct past *p)
{
	const struct event *events;
	struct ctx *c = p->page;
	int64_t from;

	arena_reset(c->arena);
	p->refund_at = p->undone_at = 0;
	if (!db_list(c, p->touches ? &SQL_TOUCHED : &SQL_EVENTS,
	             ARGS(val_int(p->last), val_int(p->campaign_id)), sizeof(struct event),
	             &p->events))
		return false;
	p->done = p->events.count < PAGE;
	if (p->events.count == 0)
		return true;
	events = p->events.items;
	from = events[0].id;
	p->last = events[p->events.count - 1].id;
	return db_list(c, &SQL_REFUNDS, ARGS(val_int(from), val_int(p->last)),
	               sizeof(struct applied), &p->refunds)
	       && db_list(c, &SQL_UNDONE, ARGS(val_int(from), val_int(p->last)),
	                  sizeof(struct undone), &p->undone);
}

static bool compiled(struct past *p, struct past_version *v, const struct terms **out)
{
	if (!v->terms && !terms_compiled(p->lasting, v->id, &v->terms))
		return false;
	*out = v->terms;
	return true;
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

static void take_refunds(struct past *p, int64_t sale_id, struct happening *out)
{
	const struct applied *all = p->refunds.items;
	struct refund_fact *facts;
	size_t n = 0;

	while (p->refund_at < p->refunds.count && all[p->refund_at].sale_id < sale_id)
		p->refund_at++;
	out->refunds = all + p->refund_at;
	while (p->refund_at + n < p->refunds.count && all[p->refund_at + n].sale_id == sale_id)
		n++;
	out->refund_count = n;
	if (n == 0)
		return;
	facts = ARENA_ARRAY(p->page->arena, struct refund_fact, n);
	for (size_t i = 0; i < n; i++)
		facts[i] = (struct refund_fact){ .amount_minor = out->refunds[i].amount,
			                         .at_ms = out->refunds[i].at };
	out->facts = facts;
}

static void take_undone(struct past *p, int64_t event_id, struct happening *out)
{
	const struct undone *all = p->undone.items;
	size_t n = 0;

	while (p->undone_at < p->undone.count && all[p->undone_at].event_id < event_id)
		p->undone_at++;
	out->undone = all + p->undone_at;
	while (p->undone_at + n < p->undone.count && all[p->undone_at + n].event_id == event_id)
		n++;
	out->undone_count = n;
}

bool past_recall(struct past *p, const struct event *e, struct happening *out)
{
	char id[ID_TEXT_MAX];

	*out = (struct happening){ .event = e, .stored = &stored };
	take_refunds(p, e->id, out);
	take_undone(p, e->id, out);
	if (!past_terms_at(p, e->occurred_at, &out->terms))
		return false;
	if (!recall_read(p->page, e, p->currency, &out->recall)) {
		id_format(ID_EVENT, e->id, id);
		fail_clear(p->page);
		return fail(p->page, ERR_STATE, NULL,
		            "%s cannot be judged again; partnerd audit says more", id);
	}
	accrue(out->terms, &out->recall.inputs.standing, &out->recall.inputs.event, &stored);
	return true;
}

const struct sql *const whatif_past_sql[] = {
	&SQL_EVENTS, &SQL_TOUCHED, &SQL_REFUNDS, &SQL_UNDONE, &SQL_VERSIONS, NULL,
};
