/* SPDX-License-Identifier: Apache-2.0 */
#include "event/recall.h"

#include "base/check.h"
#include "base/clock.h"
#include "data/json.h"
#include "data/json_out.h"
#include "event/intake.h"
#include "event/recall_scan.h"
#include "event/standing.h"

#define TEXT_MAX 4096

static int64_t utc_month(int64_t at_ms)
{
	struct date d = date_from_days(at_ms / MS_PER_DAY);

	return (int64_t)d.year * 100 + d.month;
}

/* What the row says of the event; facts are the caller's words. */
static void know_event(const struct event *e, const struct currency *cur, struct occurrence *o)
{
	*o = (struct occurrence){
		.event_id = e->id,
		.kind = event_trigger(e->type),
		.amount_minor = e->amount,
		.tax_minor = e->tax,
		.currency = e->currency.n ? currency_find(e->currency) : NULL,
		.occurred_at_ms = e->occurred_at,
		.is_invoice = e->invoice_index >= 0,
		.invoice_index = e->invoice_index >= 0 ? (int32_t)e->invoice_index : 0,
	};
	if (o->currency == cur)
		o->fx = (struct fx){ cur, cur, FX_SCALE, FX_SCALE, 0 };
}

static struct credit know_credit(const struct event *e)
{
	return (struct credit){ .partner_id = e->partner_id,
		                .link_id = e->link_id,
		                .share_ppm = PPM_ONE,
		                .signal = SIGNAL_LINK,
		                .referred_at_ms = e->occurred_at };
}

static void put_month(struct buf *b, int64_t month, int64_t at_ms)
{
	if (month != utc_month(at_ms))
		jw_key_int(b, "month", month);
}

static void put_correction(struct buf *b, const struct correction *x)
{
	jw_key(b, "correction");
	jw_object(b);
	jw_key_str(b, "period", x->period);
	jw_key_int(b, "is", x->is_minor);
	jw_key_int(b, "was", x->was_minor);
	jw_key_int(b, "before", x->before_minor);
	jw_key_int(b, "events", x->events);
	jw_object_end(b);
}

struct str recall_print(struct ctx *c, const struct intake *in)
{
	const struct currency *cur = in->terms.terms->currency;
	const struct event *e = &in->event;
	struct inputs all = { in->occurrence, in->standing };
	struct credit first = know_credit(e);
	struct inputs known = { .standing = { .credits = &first, .credit_count = 1 } };
	struct buf b;

	know_event(e, cur, &known.event);
	known.event.country = in->track->customer_country;
	buf_init(&b, c->arena);
	jw_object(&b);
	inputs_doc_put_rest(&b, cur, &all, &known);
	put_month(&b, standing_month(in->timezone, e->occurred_at), e->occurred_at);
	if (in->track->correction)
		put_correction(&b, in->track->correction);
	jw_object_end(&b);
	return buf_text(&b);
}

static void read_attributes(struct ctx *c, const json_t *object, struct occurrence *o)
{
	struct attribute *all = ARENA_ARRAY(c->arena, struct attribute,
	                                    json_object_size(object) + 1);
	const char *key;
	json_t *value;

	json_object_foreach ((json_t *)object, key, value) {
		struct str text = json_text(value);

		if (json_is_integer(value))
			text = arena_printf(c->arena, "%lld", (long long)json_integer_value(value));
		all[o->attribute_count++] = (struct attribute){ str_from(key), text };
	}
	o->attributes = all;
}

/* As answer_facts() wrote them; the texts live as long as the document, which is c->arena's. */
static bool read_facts(struct ctx *c, struct str facts, struct occurrence *o)
{
	json_t *doc;

	if (recall_scan_facts(c->arena, facts, o))
		return true;
	if (!json_read_object(c, facts, &doc))
		return false;
	o->product = json_text(json_object_get(doc, "product"));
	o->site = json_text(json_object_get(doc, "site"));
	o->plan = json_text(json_object_get(doc, "plan"));
	o->country = json_text(json_object_get(json_object_get(doc, "customer"), "country"));
	o->shipping_minor = json_integer_value(json_object_get(doc, "shipping"));
	if (json_object_get(doc, "attributes"))
		read_attributes(c, json_object_get(doc, "attributes"), o);
	return true;
}

static bool check(struct ctx *c, const struct occurrence *o)
{
	if (o->amount_minor < 0 || o->amount_minor > MONEY_MAX_MINOR
	    || (o->amount_minor > 0 && !o->currency))
		return fail(c, ERR_INVALID, "amount", "is none");
	if (o->tax_minor < 0 || o->tax_minor > o->amount_minor || o->shipping_minor < 0
	    || o->shipping_minor > o->amount_minor - o->tax_minor)
		return fail(c, ERR_INVALID, "tax", "is more than the amount");
	return true;
}

#define SUM MUST(-1000 * MONEY_MAX_MINOR, 1000 * MONEY_MAX_MINOR)

static bool read_correction(struct ctx *c, const json_t *doc, const struct event *e,
                            struct correction *x)
{
	json_t *o;

	if (e->type != EVENT_TRUE_UP)
		return true;
	x->at_ms = e->occurred_at;
	if (!json_get_object(c, doc, "correction", MUST(0, 0), &o)
	    || !json_get_str(c, o, "period", MUST(4, 7), &x->period)
	    || !json_get_int(c, o, "is", SUM, &x->is_minor)
	    || !json_get_int(c, o, "was", SUM, &x->was_minor)
	    || !json_get_int(c, o, "before", SUM, &x->before_minor)
	    || !json_get_int(c, o, "events", MUST(0, INT32_MAX), &x->events))
		return false;
	return x->is_minor - x->was_minor != x->before_minor
	       || fail(c, ERR_INVALID, "correction", "is none");
}

static bool read_month(struct ctx *c, const json_t *doc, int64_t at_ms, int64_t *out)
{
	*out = utc_month(at_ms);
	return json_get_int(c, doc, "month", MAY(1, 999912), out);
}

bool recall_bare(struct ctx *c, const struct event *e, const struct currency *cur,
                 struct recall *out)
{
	*out = (struct recall){ .month = utc_month(e->occurred_at) };
	know_event(e, cur, &out->inputs.event);
	return read_facts(c, e->facts, &out->inputs.event) && check(c, &out->inputs.event);
}

bool recall_read(struct ctx *c, const struct event *e, const struct currency *cur,
                 struct recall *out)
{
	struct credit *first = ARENA_NEW(c->arena, struct credit);
	struct inputs *in = &out->inputs;
	json_t *doc;

	if (e->type < 0 || e->type > EVENT_TRUE_UP || e->type == EVENT_REFUND
	    || e->type == EVENT_CHURN || e->type == EVENT_DISPUTE)
		return fail(c, ERR_INVALID, "type", "is none");
	*first = know_credit(e);
	in->standing = (struct standing){ .credits = first, .credit_count = 1 };
	know_event(e, cur, &in->event);
	out->month = utc_month(e->occurred_at);
	if (!read_facts(c, e->facts, &in->event) || !check(c, &in->event))
		return false;
	out->correction = (struct correction){ 0 };
	if (e->type != EVENT_TRUE_UP && recall_scan_inputs(c->arena, e->inputs, out))
		return true;
	return json_read_object(c, e->inputs, &doc)
	       && inputs_doc_read_rest(c, doc, cur, in)
	       && read_month(c, doc, e->occurred_at, &out->month)
	       && read_correction(c, doc, e, &out->correction);
}
