/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/inputs_doc.h"

#include "base/check.h"
#include "campaign/terms_part.h"
#include "rules/names.h"

#define NUMBER_MAX 1000000000000000000 /* 10^18: sums of a few still fit */
#define LAST_MS 253402300799999         /* of the year 9999 */
#define WHEN MAY(0, LAST_MS)
#define ID MAY(0, INT64_MAX)
#define AMOUNT MAY(0, MONEY_MAX_MINOR)
#define RATE MUST(1, 1000000000 * FX_SCALE - 1)

static bool get_text(struct ctx *c, const json_t *doc, const char *key, struct str *out)
{
	struct str s = { 0 };

	if (!json_get_str(c, doc, key, MAY(0, 4096), &s))
		return false;
	*out = arena_str(c->arena, s);
	return true;
}

static bool get_currency(struct ctx *c, const json_t *doc, const char *key,
                         const struct currency **out)
{
	*out = NULL;
	return json_get_currency(c, doc, key, MAY(0, 0), out);
}

static bool get_rate(struct ctx *c, const json_t *fx, struct fx *out)
{
	int64_t day = 0;

	if (!get_currency(c, fx, "from", &out->from) || !get_currency(c, fx, "to", &out->to)
	    || !json_get_int(c, fx, "from_rate", RATE, &out->from_rate)
	    || !json_get_int(c, fx, "to_rate", RATE, &out->to_rate)
	    || !json_get_int(c, fx, "day", MAY(0, 10000000), &day))
		return false;
	out->day = (int32_t)day;
	return true;
}

static bool reward_rate_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	struct fx *fx = &((struct fx *)to)[i];

	if (!get_rate(r->c, doc, fx))
		return false;
	return (fx->from && fx->to == r->cur)
	       || fail(r->c, ERR_INVALID, "to", "must be %s", r->cur->code);
}

/* The event's rate, and those of rewards in other currencies. */
static bool get_fx(const struct terms_reading *r, const json_t *doc, struct occurrence *o)
{
	json_t *fx = NULL, *list = NULL;

	if (!json_get_object(r->c, doc, "fx", MAY(0, 0), &fx)
	    || !json_get_array(r->c, doc, "reward_fx", MAY(0, REWARD_FX_MAX), &list))
		return false;
	if (fx && !get_rate(r->c, fx, &o->fx))
		return fail_under(r->c, "fx");
	o->reward_fx_count = json_array_size(list);
	return part_each(r, list, "reward_fx", reward_rate_entry, o->reward_fx);
}

static bool get_attributes(struct ctx *c, const json_t *doc, struct occurrence *o)
{
	json_t *object = NULL, *value;
	struct attribute *all;
	const char *key;

	if (!json_get_object(c, doc, "attributes", MAY(0, 0), &object))
		return false;
	all = ARENA_ARRAY(c->arena, struct attribute, json_object_size(object) + 1);
	json_object_foreach (object, key, value) {
		struct attribute *a = &all[o->attribute_count++];

		if (!json_is_string(value))
			return fail(c, ERR_INVALID, "attributes", "must be texts");
		a->key = arena_str(c->arena, str_from(key));
		a->value = arena_str(c->arena, json_text(value));
	}
	o->attributes = all;
	return true;
}

static bool get_amounts(const struct terms_reading *r, const json_t *doc, struct occurrence *o)
{
	struct ctx *c = r->c;

	return json_get_int(c, doc, "amount", AMOUNT, &o->amount_minor)
	       && json_get_int(c, doc, "tax", AMOUNT, &o->tax_minor)
	       && json_get_int(c, doc, "shipping", AMOUNT, &o->shipping_minor)
	       && get_currency(c, doc, "currency", &o->currency) && get_fx(r, doc, o)
	       && json_get_int(c, doc, "quantity", MAY(0, 1000000000), &o->quantity)
	       && json_get_int(c, doc, "quantity_of", MAY(0, 1000000000), &o->quantity_of);
}

static bool get_event(const struct terms_reading *r, const json_t *doc, struct occurrence *o)
{
	struct ctx *c = r->c;
	int64_t kind = TRIGGER_SALE, unpayable = PAYABLE, invoice = 0;

	*o = (struct occurrence){ .is_invoice = json_object_get(doc, "invoice") != NULL };
	if (!json_get_int(c, doc, "id", ID, &o->event_id)
	    || !json_get_name(c, doc, "kind", MAY_NAME(trigger_names), &kind)
	    || !get_amounts(r, doc, o) || !json_get_int(c, doc, "at", WHEN, &o->occurred_at_ms)
	    || !json_get_int(c, doc, "cleared_at", WHEN, &o->cleared_at_ms)
	    || !json_get_int(c, doc, "invoice", MAY(0, INT32_MAX), &invoice)
	    || !get_text(c, doc, "product", &o->product) || !get_text(c, doc, "site", &o->site)
	    || !get_text(c, doc, "country", &o->country) || !get_text(c, doc, "plan", &o->plan)
	    || !get_attributes(c, doc, o)
	    || !json_get_name(c, doc, "unpayable", MAY_NAME(unpayable_names), &unpayable))
		return fail_under(c, "event");
	o->kind = (enum trigger)kind;
	o->unpayable = (enum unpayable)unpayable;
	o->invoice_index = (int32_t)invoice;
	if (o->amount_minor > 0 && !o->currency)
		return fail(c, ERR_INVALID, "event/currency", "is required");
	if (o->fx.from && (o->fx.from != o->currency || o->fx.to != r->cur))
		return fail(c, ERR_INVALID, "event/fx", "must lead from the event's currency to %s",
		            r->cur->code);
	return true;
}

static bool get_numbers(struct ctx *c, const json_t *doc, const char *key, int64_t *values,
                        size_t count)
{
	json_t *list = NULL;

	if (!json_get_array(c, doc, key, MAY(0, (int64_t)count), &list))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		if (!json_is_integer(json_array_get(list, i)))
			return fail(c, ERR_INVALID, key, "must be integers");
		values[i] = json_integer_value(json_array_get(list, i));
		if (values[i] > NUMBER_MAX || values[i] < -NUMBER_MAX)
			return fail(c, ERR_INVALID, key, "must be within 10^18");
	}
	return true;
}

static bool get_standing_of(struct ctx *c, const json_t *doc, enum partner_standing *out,
                            unsigned *out_holds)
{
	int64_t standing = STANDING_GOOD, holds = 0;

	if (!json_get_name(c, doc, "standing", MAY_NAME(partner_standing_names), &standing)
	    || !json_get_int(c, doc, "holds", MAY(0, (1 << HOLD_BITS) - 1), &holds))
		return false;
	*out = (enum partner_standing)standing;
	*out_holds = (unsigned)holds;
	return true;
}

static bool upline_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	struct upline *u = &((struct upline *)to)[i];

	u->has_rate = json_object_get(doc, "rate_ppm") != NULL;
	return json_get_int(r->c, doc, "partner", MUST(1, INT64_MAX), &u->partner_id)
	       && get_standing_of(r->c, doc, &u->standing, &u->holds)
	       && json_get_int(r->c, doc, "rate_ppm", MAY(0, PPM_ONE), &u->rate_ppm)
	       && get_numbers(r->c, doc, "cap_used", u->cap_used, CAPS_MAX);
}

static bool get_above(const struct terms_reading *r, const json_t *doc, struct credit *cr)
{
	json_t *chain = NULL, *recruiter = NULL;
	struct upline *ups;

	if (!json_get_array(r->c, doc, "chain", MAY(0, 64), &chain)
	    || !json_get_object(r->c, doc, "recruiter", MAY(0, 0), &recruiter))
		return false;
	cr->chain_count = json_array_size(chain);
	ups = ARENA_ARRAY(r->c->arena, struct upline, cr->chain_count + 1);
	cr->chain = ups;
	if (!part_each(r, chain, "chain", upline_entry, ups))
		return false;
	if (!recruiter)
		return true;
	cr->recruiter = &ups[cr->chain_count];
	return upline_entry(r, recruiter, cr->chain_count, ups) || fail_under(r->c, "recruiter");
}

static bool get_offer(const struct terms_reading *r, const json_t *doc, const char *key,
                      struct offer *out)
{
	const json_t *offer = json_object_get(doc, key);

	return !offer || offer_doc_read(r->c, offer, r->cur, out) || fail_under(r->c, key);
}

static bool get_rewards(const struct terms_reading *r, const json_t *doc, struct credit *cr)
{
	int64_t counters[4] = { 0 };

	if (!get_offer(r, doc, "own", &cr->own) || !get_offer(r, doc, "override", &cr->override)
	    || !json_get_int(r->c, doc, "override_from", WHEN, &cr->override_from_ms)
	    || !json_get_int(r->c, doc, "override_until", WHEN, &cr->override_until_ms)
	    || !get_text(r->c, doc, "group", &cr->group)
	    || !get_numbers(r->c, doc, "counters", counters, LEN(counters)))
		return false;
	cr->counters =
	        (struct counters){ counters[0], counters[1], counters[2], counters[3] };
	return true;
}

static bool credit_members(const struct terms_reading *r, const json_t *doc, struct credit *cr)
{
	int64_t signal = SIGNAL_LINK;

	if (!json_get_int(r->c, doc, "link", ID, &cr->link_id)
	    || !json_get_int(r->c, doc, "share_ppm", MAY(0, PPM_ONE), &cr->share_ppm)
	    || !json_get_name(r->c, doc, "signal", MAY_NAME(signal_names), &signal)
	    || !get_standing_of(r->c, doc, &cr->standing, &cr->holds) || !get_rewards(r, doc, cr)
	    || !json_get_int(r->c, doc, "referred_at", WHEN, &cr->referred_at_ms)
	    || !get_above(r, doc, cr)
	    || !get_numbers(r->c, doc, "cap_used", cr->cap_used, CAPS_MAX))
		return false;
	cr->signal = (enum signal)signal;
	return true;
}

static bool credit_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	struct credit *cr = &((struct credit *)to)[i];

	cr->share_ppm = PPM_ONE;
	return json_get_int(r->c, doc, "partner", MUST(1, INT64_MAX), &cr->partner_id)
	       && credit_members(r, doc, cr);
}

static bool check_shares(struct ctx *c, const struct standing *s)
{
	int64_t sum = 0;

	for (size_t i = 0; i < s->credit_count; i++)
		sum += s->credits[i].share_ppm;
	return s->credit_count == 0 || sum == PPM_ONE
	       || fail(c, ERR_INVALID, "credits", "must share exactly 1000000");
}

static bool get_standing(const struct terms_reading *r, const json_t *doc, struct standing *s)
{
	struct credit *credits;
	json_t *list;

	*s = (struct standing){ 0 };
	if (!json_get_array(r->c, doc, "credits", MUST(0, CREDITS_MAX), &list)
	    || !get_numbers(r->c, doc, "cap_used", s->cap_used, CAPS_MAX)
	    || !json_get_bool(r->c, doc, "campaign_closed", MAY(0, 0), &s->campaign_closed))
		return fail_under(r->c, "standing");
	credits = ARENA_ARRAY(r->c->arena, struct credit, json_array_size(list) + 1);
	s->credits = credits;
	s->credit_count = json_array_size(list);
	return (part_each(r, list, "credits", credit_entry, credits) && check_shares(r->c, s))
	       || fail_under(r->c, "standing");
}

bool inputs_doc_parse(struct ctx *c, struct str text, const struct currency *cur,
                      struct inputs *out)
{
	struct terms_reading r = { .c = c, .cur = cur };
	json_t *doc, *event, *standing;

	return json_read_object(c, text, &doc)
	       && json_get_object(c, doc, "event", MUST(0, 0), &event)
	       && json_get_object(c, doc, "standing", MUST(0, 0), &standing)
	       && get_event(&r, event, &out->event) && get_standing(&r, standing, &out->standing);
}

static bool get_rest_event(const struct terms_reading *r, const json_t *doc, struct occurrence *o)
{
	struct ctx *c = r->c;
	int64_t unpayable = PAYABLE;

	if (!get_fx(r, doc, o)
	    || !json_get_int(c, doc, "quantity", MAY(0, 1000000000), &o->quantity)
	    || !json_get_int(c, doc, "quantity_of", MAY(0, 1000000000), &o->quantity_of)
	    || !json_get_int(c, doc, "cleared_at", WHEN, &o->cleared_at_ms)
	    || (json_object_get(doc, "country") && !get_text(c, doc, "country", &o->country))
	    || !json_get_name(c, doc, "unpayable", MAY_NAME(unpayable_names), &unpayable))
		return fail_under(c, "event");
	o->unpayable = (enum unpayable)unpayable;
	if (o->fx.from && (o->fx.from != o->currency || o->fx.to != r->cur))
		return fail(c, ERR_INVALID, "event/fx", "must lead from the event's currency to %s",
		            r->cur->code);
	return true;
}

/* The first is known; the others name their partner. */
static bool rest_entry(const struct terms_reading *r, const json_t *doc, size_t i, void *to)
{
	const struct credit *first = to;
	struct credit *cr = &((struct credit *)to)[i];

	if (i > 0) {
		cr->share_ppm = PPM_ONE;
		cr->referred_at_ms = first->referred_at_ms;
	}
	return (i == 0
	        || json_get_int(r->c, doc, "partner", MUST(1, INT64_MAX), &cr->partner_id))
	       && credit_members(r, doc, cr);
}

static bool get_rest_standing(const struct terms_reading *r, const json_t *doc,
                              struct standing *s)
{
	json_t *list = NULL;
	struct credit *credits;

	if (!json_get_array(r->c, doc, "credits", MAY(1, CREDITS_MAX), &list)
	    || !get_numbers(r->c, doc, "cap_used", s->cap_used, CAPS_MAX)
	    || !json_get_bool(r->c, doc, "campaign_closed", MAY(0, 0), &s->campaign_closed))
		return false;
	if (!list)
		return true;
	credits = ARENA_ARRAY(r->c->arena, struct credit, json_array_size(list));
	credits[0] = s->credits[0];
	s->credits = credits;
	s->credit_count = json_array_size(list);
	return part_each(r, list, "credits", rest_entry, credits) && check_shares(r->c, s);
}

bool inputs_doc_read_rest(struct ctx *c, const json_t *doc, const struct currency *cur,
                          struct inputs *known)
{
	struct terms_reading r = { .c = c, .cur = cur };
	json_t *event = NULL, *standing = NULL;

	CHECK(known->standing.credit_count == 1);
	return json_get_object(c, doc, "event", MAY(0, 0), &event)
	       && json_get_object(c, doc, "standing", MAY(0, 0), &standing)
	       && (!event || get_rest_event(&r, event, &known->event))
	       && (!standing || get_rest_standing(&r, standing, &known->standing)
	           || fail_under(c, "standing"));
}
