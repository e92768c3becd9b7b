/* SPDX-License-Identifier: Apache-2.0 */
#include "event/recall_scan.h"

#include "base/check.h"
#include "data/scan.h"
#include "rules/names.h"

#define ATTRIBUTES_MAX 50
#define UPLINES_MAX LEVELS_MAX
#define QUANTITY_MAX 1000000
#define LAST_MS 253402300799999 /* of the year 9999 */

/* Is this the next member? Then past its key. All are compared as they are written, at once. */
#define IS(s, word) scan_word((s), STR("\"" word "\":"))

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

/* The members of an object, each by fn, which begins at its key. */
typedef bool (*member_fn)(struct scan *s, void *to);

static bool take_object(struct scan *s, member_fn fn, void *to)
{
	if (!scan_char(s, '{'))
		return false;
	if (scan_char(s, '}'))
		return true;
	do {
		if (!fn(s, to))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, '}');
}

/* A member that nobody asks for. */
static bool pass_text(struct scan *s)
{
	struct str text;

	return take_text(s, &text) && scan_char(s, ':') && take_text(s, &text);
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

static bool attribute(struct scan *s, void *to)
{
	struct occurrence *o = to;
	struct attribute *all = (struct attribute *)(uintptr_t)o->attributes;
	struct str key, value;
	int64_t number;

	if (!take_text(s, &key) || !scan_char(s, ':'))
		return false;
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

static bool customer(struct scan *s, void *to)
{
	struct occurrence *o = to;

	return IS(s, "country") ? take_text(s, &o->country) : pass_text(s);
}

static bool pass_member(struct scan *s, void *to)
{
	(void)to;
	return pass_text(s);
}

static bool fact(struct scan *s, void *to)
{
	struct occurrence *o = to;

	if (IS(s, "customer"))
		return take_object(s, customer, o);
	if (IS(s, "product"))
		return take_text(s, &o->product);
	if (IS(s, "site"))
		return take_text(s, &o->site);
	if (IS(s, "plan"))
		return take_text(s, &o->plan);
	if (IS(s, "utm"))
		return take_object(s, pass_member, o);
	if (IS(s, "shipping"))
		return scan_int(s, &o->shipping_minor);
	if (!IS(s, "attributes"))
		return pass_text(s);
	o->attributes = ARENA_ARRAY(s->arena, struct attribute, ATTRIBUTES_MAX);
	return take_object(s, attribute, o);
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

static bool upline(struct scan *s, void *to)
{
	struct upline *u = to;

	if (IS(s, "partner"))
		return scan_int(s, &u->partner_id);
	if (IS(s, "cap_used"))
		return take_numbers(s, u->cap_used, CAPS_MAX);
	if (IS(s, "standing"))
		return take_standing(s, &u->standing);
	return IS(s, "holds") && take_holds(s, &u->holds);
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
static bool credit_rest(struct scan *s, struct credit *cr)
{
	int64_t value;

	if (IS(s, "chain"))
		return take_chain(s, cr);
	if (IS(s, "recruiter"))
		return take_recruiter(s, cr);
	if (IS(s, "signal") && take_name(s, signal_names, &value)) {
		cr->signal = (enum signal)value;
		return true;
	}
	if (IS(s, "standing"))
		return take_standing(s, &cr->standing);
	return IS(s, "holds") && take_holds(s, &cr->holds);
}

static bool credit(struct scan *s, void *to)
{
	struct credit *cr = to;

	if (IS(s, "counters"))
		return take_counters(s, &cr->counters);
	if (IS(s, "referred_at"))
		return take_count(s, LAST_MS, &cr->referred_at_ms);
	if (IS(s, "cap_used"))
		return take_numbers(s, cr->cap_used, CAPS_MAX);
	if (IS(s, "group"))
		return take_text(s, &cr->group);
	if (IS(s, "link"))
		return take_count(s, INT64_MAX, &cr->link_id);
	return credit_rest(s, cr);
}

/* One credit; shared credit is for the JSON reader. */
static bool take_credit(struct scan *s, struct credit *cr)
{
	return scan_char(s, '[') && take_object(s, credit, cr) && scan_char(s, ']');
}

static bool standing(struct scan *s, void *to)
{
	struct standing *st = to;

	if (IS(s, "credits"))
		return take_credit(s, (struct credit *)(uintptr_t)st->credits);
	return IS(s, "cap_used") && take_numbers(s, st->cap_used, CAPS_MAX);
}

static bool event(struct scan *s, void *to)
{
	struct occurrence *o = to;
	int64_t value;

	if (IS(s, "country"))
		return take_text(s, &o->country);
	if (IS(s, "quantity"))
		return take_count(s, QUANTITY_MAX, &o->quantity);
	if (IS(s, "quantity_of"))
		return take_count(s, QUANTITY_MAX, &o->quantity_of);
	if (IS(s, "cleared_at"))
		return scan_int(s, &o->cleared_at_ms);
	if (!IS(s, "unpayable") || !take_name(s, unpayable_names, &value))
		return false;
	o->unpayable = (enum unpayable)value;
	return true;
}

static bool input(struct scan *s, void *to)
{
	struct recall *r = to;

	if (IS(s, "standing"))
		return take_object(s, standing, &r->inputs.standing);
	if (IS(s, "event"))
		return take_object(s, event, &r->inputs.event);
	return IS(s, "month") && take_count(s, 999912, &r->month) && r->month > 0;
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
