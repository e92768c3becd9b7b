/* SPDX-License-Identifier: Apache-2.0 */
#include "event/recall_scan.h"

#include "base/check.h"
#include "data/scan.h"
#include "rules/names.h"

#define ATTRIBUTES_MAX 50
#define UPLINES_MAX LEVELS_MAX
#define QUANTITY_MAX 1000000
#define LAST_MS 253402300799999 /* of the year 9999 */

/* A key, compared without a call: there are a dozen of them in every event. */
#define IS(key, word) \
	((key).n == sizeof(word) - 1 && memcmp((key).p, (word), sizeof(word) - 1) == 0)

/* A text without escapes. */
static bool take_text(struct scan *s, struct str *out)
{
	return scan_text(s, 256, out);
}

/* A number of at least 0 and at most `most`. */
static bool take_count(struct scan *s, int64_t most, int64_t *out)
{
	return scan_int(s, out) && *out >= 0 && *out <= most;
}

static bool take_holds(struct scan *s, unsigned *out)
{
	int64_t bits;

	if (!take_count(s, (1 << HOLD_BITS) - 1, &bits))
		return false;
	*out = (unsigned)bits;
	return true;
}

static bool take_name(struct scan *s, const char *const *names, int64_t *out)
{
	struct str text;

	if (!take_text(s, &text))
		return false;
	*out = names_find(names, text);
	return *out >= 0;
}

static bool take_standing(struct scan *s, enum partner_standing *out)
{
	int64_t value;

	if (!take_name(s, partner_standing_names, &value))
		return false;
	*out = (enum partner_standing)value;
	return true;
}

/* The members of an object, each by fn with its key. */
typedef bool (*member_fn)(struct scan *s, struct str key, void *to);

static bool take_object(struct scan *s, member_fn fn, void *to)
{
	struct str key;

	if (!scan_char(s, '{'))
		return false;
	if (scan_char(s, '}'))
		return true;
	do {
		if (!take_text(s, &key) || !scan_char(s, ':') || !fn(s, key, to))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, '}');
}

static bool take_numbers(struct scan *s, int64_t *out, size_t max)
{
	size_t n = 0;

	if (!scan_char(s, '['))
		return false;
	do {
		if (n == max || !scan_int(s, &out[n++]))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, ']');
}

/* ---- Facts: the caller's words. */

static bool attribute(struct scan *s, struct str key, void *to)
{
	struct occurrence *o = to;
	struct attribute *all = (struct attribute *)(uintptr_t)o->attributes;
	struct str value;
	int64_t number;

	if (s->p < s->end && *s->p == '"') {
		if (!take_text(s, &value))
			return false;
	} else {
		value.p = s->p;
		if (!scan_int(s, &number))
			return false;
		value.n = (size_t)(s->p - value.p);
	}
	if (o->attribute_count == ATTRIBUTES_MAX)
		return false;
	all[o->attribute_count++] = (struct attribute){ key, value };
	return true;
}

static bool customer(struct scan *s, struct str key, void *to)
{
	struct occurrence *o = to;
	struct str text;

	if (!take_text(s, &text))
		return false;
	if (IS(key, "country"))
		o->country = text;
	return true;
}

static bool fact(struct scan *s, struct str key, void *to)
{
	struct occurrence *o = to;
	struct str text;

	if (IS(key, "customer"))
		return take_object(s, customer, o);
	if (IS(key, "shipping"))
		return scan_int(s, &o->shipping_minor);
	if (IS(key, "attributes")) {
		o->attributes = ARENA_ARRAY(s->arena, struct attribute, ATTRIBUTES_MAX);
		return take_object(s, attribute, o);
	}
	if (!take_text(s, &text))
		return false;
	if (IS(key, "product"))
		o->product = text;
	else if (IS(key, "site"))
		o->site = text;
	else if (IS(key, "plan"))
		o->plan = text;
	return true;
}

bool recall_scan_facts(struct arena *a, struct str facts, struct occurrence *o)
{
	struct scan s = { facts.p, facts.p + facts.n, a };
	struct occurrence read = *o;

	if (!take_object(&s, fact, &read) || s.p != s.end)
		return false;
	*o = read;
	return true;
}

/* ---- Inputs: how everybody stood. */

static bool upline(struct scan *s, struct str key, void *to)
{
	struct upline *u = to;

	if (IS(key, "partner"))
		return scan_int(s, &u->partner_id);
	if (IS(key, "cap_used"))
		return take_numbers(s, u->cap_used, CAPS_MAX);
	if (IS(key, "standing"))
		return take_standing(s, &u->standing);
	return IS(key, "holds") && take_holds(s, &u->holds);
}

static bool take_upline(struct scan *s, struct upline *u)
{
	return take_object(s, upline, u) && u->partner_id > 0;
}

static bool take_chain(struct scan *s, struct credit *cr)
{
	struct upline *ups = ARENA_ARRAY(s->arena, struct upline, UPLINES_MAX);

	cr->chain = ups;
	if (!scan_char(s, '['))
		return false;
	do {
		if (cr->chain_count == UPLINES_MAX || !take_upline(s, &ups[cr->chain_count++]))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, ']');
}

static bool take_recruiter(struct scan *s, struct credit *cr)
{
	struct upline *u = ARENA_NEW(s->arena, struct upline);

	cr->recruiter = u;
	return take_upline(s, u);
}

static bool take_counters(struct scan *s, struct counters *out)
{
	int64_t n[4] = { 0 };

	if (!take_numbers(s, n, LEN(n)))
		return false;
	*out = (struct counters){ n[0], n[1], n[2], n[3] };
	return true;
}

/* The members that are no plain number or text of their own. */
static bool credit_rest(struct scan *s, struct str key, struct credit *cr)
{
	int64_t value;

	if (IS(key, "chain"))
		return take_chain(s, cr);
	if (IS(key, "recruiter"))
		return take_recruiter(s, cr);
	if (IS(key, "signal") && take_name(s, signal_names, &value)) {
		cr->signal = (enum signal)value;
		return true;
	}
	if (IS(key, "standing"))
		return take_standing(s, &cr->standing);
	return IS(key, "holds") && take_holds(s, &cr->holds);
}

static bool credit(struct scan *s, struct str key, void *to)
{
	struct credit *cr = to;

	if (IS(key, "counters"))
		return take_counters(s, &cr->counters);
	if (IS(key, "referred_at"))
		return take_count(s, LAST_MS, &cr->referred_at_ms);
	if (IS(key, "cap_used"))
		return take_numbers(s, cr->cap_used, CAPS_MAX);
	if (IS(key, "group"))
		return take_text(s, &cr->group);
	if (IS(key, "link"))
		return take_count(s, INT64_MAX, &cr->link_id);
	return credit_rest(s, key, cr);
}

/* One credit; shared credit is for the JSON reader. */
static bool take_credit(struct scan *s, struct credit *cr)
{
	return scan_char(s, '[') && take_object(s, credit, cr) && scan_char(s, ']');
}

static bool standing(struct scan *s, struct str key, void *to)
{
	struct standing *st = to;

	if (IS(key, "credits"))
		return take_credit(s, (struct credit *)(uintptr_t)st->credits);
	return IS(key, "cap_used") && take_numbers(s, st->cap_used, CAPS_MAX);
}

static bool event(struct scan *s, struct str key, void *to)
{
	struct occurrence *o = to;
	int64_t value;

	if (IS(key, "country"))
		return take_text(s, &o->country);
	if (IS(key, "quantity"))
		return take_count(s, QUANTITY_MAX, &o->quantity);
	if (IS(key, "quantity_of"))
		return take_count(s, QUANTITY_MAX, &o->quantity_of);
	if (!IS(key, "unpayable") || !take_name(s, unpayable_names, &value))
		return false;
	o->unpayable = (enum unpayable)value;
	return true;
}

static bool input(struct scan *s, struct str key, void *to)
{
	struct recall *r = to;

	if (IS(key, "standing"))
		return take_object(s, standing, &r->inputs.standing);
	if (IS(key, "event"))
		return take_object(s, event, &r->inputs.event);
	return IS(key, "month") && take_count(s, 999912, &r->month) && r->month > 0;
}

bool recall_scan_inputs(struct arena *a, struct str inputs, struct recall *known)
{
	struct scan s = { inputs.p, inputs.p + inputs.n, a };
	struct recall read = *known;
	struct credit *first = ARENA_NEW(a, struct credit);

	*first = known->inputs.standing.credits[0];
	read.inputs.standing.credits = first;
	if (!take_object(&s, input, &read) || s.p != s.end)
		return false;
	*known = read;
	return true;
}
