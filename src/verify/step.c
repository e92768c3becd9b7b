/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/step.h"

struct scan {
	const char *p, *end;
};

static bool is(struct str a, const char *b)
{
	size_t n = strlen(b);

	return a.n == n && memcmp(a.p, b, n) == 0;
}

int64_t step_number(const struct step *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (is(s->members[i].key, key))
			return s->members[i].number;
	return 0;
}

struct str step_text(const struct step *s, const char *key)
{
	for (size_t i = 0; i < s->count; i++)
		if (is(s->members[i].key, key))
			return s->members[i].text;
	return STR("");
}

static void add_member(struct step *s, struct str key, struct str text, int64_t number)
{
	if (s->count == STEP_MEMBERS_MAX) {
		s->odd = true;
		return;
	}
	s->members[s->count].key = key;
	s->members[s->count].text = text;
	s->members[s->count++].number = number;
}

static void add_share(struct step *s, int64_t share)
{
	if (s->share_count < STEP_SHARES_MAX)
		s->shares[s->share_count++] = share;
	else
		s->odd = true;
}

void step_from_json(struct step *s, const json_t *o)
{
	const char *key;
	json_t *value, *share;
	size_t i;

	s->count = s->share_count = 0;
	s->odd = false;
	json_object_foreach ((json_t *)o, key, value) {
		const char *text = json_string_value(value);

		if (text)
			add_member(s, str_from(key),
			           (struct str){ text, json_string_length(value) }, 0);
		else if (json_is_integer(value))
			add_member(s, str_from(key), STR(""), json_integer_value(value));
		else if (strcmp(key, "shares") == 0)
			json_array_foreach(value, i, share)
				add_share(s, json_integer_value(share));
	}
}

/* ---- The scan. */

static bool take(struct scan *s, char c)
{
	if (s->p == s->end || *s->p != c)
		return false;
	s->p++;
	return true;
}

static bool take_text(struct scan *s, struct str *out)
{
	const char *from = s->p + 1;

	if (!take(s, '"'))
		return false;
	while (s->p < s->end && *s->p != '"' && *s->p != '\\' && *s->p >= ' ' && *s->p < 127)
		s->p++;
	*out = (struct str){ from, (size_t)(s->p - from) };
	return take(s, '"');
}

static bool take_number(struct scan *s, int64_t *out)
{
	bool negative = take(s, '-');
	const char *from = s->p;
	int64_t value = 0;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		if (__builtin_mul_overflow(value, 10, &value)
		    || __builtin_add_overflow(value, *s->p++ - '0', &value))
			return false;
	*out = negative ? -value : value;
	return s->p > from && (*from != '0' || s->p == from + 1);
}

/* A list of numbers or of texts; only shares are kept. */
static bool take_list(struct scan *s, struct str key, struct step *step)
{
	struct str text;
	int64_t number;

	if (!take(s, '['))
		return false;
	if (take(s, ']'))
		return true;
	do {
		if (s->p < s->end && *s->p == '"') {
			if (!take_text(s, &text))
				return false;
			continue;
		}
		if (!take_number(s, &number))
			return false;
		if (is(key, "shares"))
			add_share(step, number);
	} while (take(s, ','));
	return take(s, ']');
}

static bool is_new(const struct step *step, struct str key)
{
	for (size_t i = 0; i < step->count; i++)
		if (str_eq(step->members[i].key, key))
			return false;
	return true;
}

static bool take_member(struct scan *s, struct step *step)
{
	struct str key, text = STR("");
	int64_t number = 0;

	if (!take_text(s, &key) || !take(s, ':') || !is_new(step, key) || s->p == s->end)
		return false;
	if (*s->p == '[')
		return take_list(s, key, step);
	if (*s->p == '"' ? !take_text(s, &text) : !take_number(s, &number))
		return false;
	add_member(step, key, text, number);
	return true;
}

static bool take_step(struct scan *s, struct step *step)
{
	step->count = step->share_count = 0;
	step->odd = false;
	if (!take(s, '{'))
		return false;
	do {
		if (!take_member(s, step))
			return false;
	} while (take(s, ','));
	return take(s, '}');
}

static bool take_key(struct scan *s, const char *name)
{
	struct str key;

	return take_text(s, &key) && is(key, name) && take(s, ':');
}

bool step_scan(struct str explanation, void (*fn)(const struct step *s, void *arg), void *arg)
{
	struct scan s = { explanation.p, explanation.p + explanation.n };
	struct step step;
	struct str text;

	if (!take(&s, '{') || !take_key(&s, "sentence") || !take_text(&s, &text) || !take(&s, ',')
	    || !take_key(&s, "terms") || !take_text(&s, &text) || !take(&s, ',')
	    || !take_key(&s, "steps") || !take(&s, '['))
		return false;
	do {
		if (!take_step(&s, &step))
			return false;
		fn(&step, arg);
	} while (take(&s, ','));
	return take(&s, ']') && take(&s, '}') && s.p == s.end;
}
