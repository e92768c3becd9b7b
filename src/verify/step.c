/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/step.h"

#include "data/scan.h"

int64_t step_number(const struct step *s, struct str key)
{
	for (size_t i = 0; i < s->count; i++)
		if (step_is(s->members[i].key, key))
			return s->members[i].number;
	return 0;
}

struct str step_text(const struct step *s, struct str key)
{
	for (size_t i = 0; i < s->count; i++)
		if (step_is(s->members[i].key, key))
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

static bool take_text(struct scan *s, struct str *out)
{
	return scan_text(s, 127, out);
}

/* Without zeros in front. */
bool step_scan_number(struct scan *s, int64_t *out)
{
	const char *from = s->p + (s->p < s->end && *s->p == '-');

	return scan_int(s, out) && (*from != '0' || s->p == from + 1);
}

/* A list of numbers or of texts; only shares are kept. */
static bool take_list(struct scan *s, struct str key, struct step *step)
{
	struct str text;
	int64_t number;

	if (!scan_char(s, '['))
		return false;
	if (scan_char(s, ']'))
		return true;
	do {
		if (s->p < s->end && *s->p == '"') {
			if (!take_text(s, &text))
				return false;
			continue;
		}
		if (!step_scan_number(s, &number))
			return false;
		if (step_is(key, STR("shares")))
			add_share(step, number);
	} while (scan_char(s, ','));
	return scan_char(s, ']');
}

static bool is_new(const struct step *step, struct str key)
{
	for (size_t i = 0; i < step->count; i++)
		if (step_is(step->members[i].key, key))
			return false;
	return true;
}

static bool take_member(struct scan *s, struct step *step)
{
	struct str key, text = STR("");
	int64_t number = 0;

	if (!take_text(s, &key) || !scan_char(s, ':') || !is_new(step, key) || s->p == s->end)
		return false;
	if (*s->p == '[')
		return take_list(s, key, step);
	if (*s->p == '"' ? !take_text(s, &text) : !step_scan_number(s, &number))
		return false;
	add_member(step, key, text, number);
	return true;
}

static bool take_step(struct scan *s, struct step *step)
{
	step->count = step->share_count = 0;
	step->odd = false;
	if (!scan_char(s, '{'))
		return false;
	do {
		if (!take_member(s, step))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, '}');
}

static bool take_key(struct scan *s, struct str name)
{
	struct str key;

	return take_text(s, &key) && step_is(key, name) && scan_char(s, ':');
}

bool step_scan_head(struct scan *s)
{
	struct str text;

	return scan_char(s, '{') && take_key(s, STR("sentence")) && take_text(s, &text)
	       && scan_char(s, ',') && take_key(s, STR("terms")) && take_text(s, &text)
	       && scan_char(s, ',') && take_key(s, STR("steps"));
}

bool step_scan_steps(struct scan *s, void (*fn)(const struct step *s, void *arg), void *arg)
{
	struct step step;

	if (!scan_char(s, '['))
		return false;
	do {
		if (!take_step(s, &step))
			return false;
		fn(&step, arg);
	} while (scan_char(s, ','));
	return scan_char(s, ']') && scan_char(s, '}') && s->p == s->end;
}

bool step_scan(struct str explanation, void (*fn)(const struct step *s, void *arg), void *arg)
{
	struct scan s = { explanation.p, explanation.p + explanation.n, NULL };

	return step_scan_head(&s) && step_scan_steps(&s, fn, arg);
}
