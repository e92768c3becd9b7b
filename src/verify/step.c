/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/step.h"

#include "data/scan.h"

static const struct str words[MEMBER_KEYS] = {
	[MEMBER_NAME] = STR_INIT("step"),             [MEMBER_RESULT] = STR_INIT("result"),
	[MEMBER_AMOUNT] = STR_INIT("amount"),         [MEMBER_TAX] = STR_INIT("tax"),
	[MEMBER_SHIPPING] = STR_INIT("shipping"),     [MEMBER_BASE] = STR_INIT("base"),
	[MEMBER_FROM] = STR_INIT("from"),             [MEMBER_TO] = STR_INIT("to"),
	[MEMBER_FROM_RATE] = STR_INIT("from_rate"),   [MEMBER_TO_RATE] = STR_INIT("to_rate"),
	[MEMBER_OF] = STR_INIT("of"),                 [MEMBER_RATE] = STR_INIT("rate"),
	[MEMBER_QUANTITY] = STR_INIT("quantity"),     [MEMBER_QUANTITY_OF] = STR_INIT("quantity_of"),
	[MEMBER_PART] = STR_INIT("part"),             [MEMBER_IS] = STR_INIT("is"),
	[MEMBER_WAS] = STR_INIT("was"),               [MEMBER_BEFORE] = STR_INIT("before"),
	[MEMBER_LIMIT] = STR_INIT("limit"),           [MEMBER_USED] = STR_INIT("used"),
	[MEMBER_FROM_AT] = STR_INIT("from_at"),       [MEMBER_DAYS] = STR_INIT("days"),
	[MEMBER_AT] = STR_INIT("at"),
};

static enum member_key key_of(struct str word)
{
	for (size_t i = MEMBER_OTHER + 1; i < MEMBER_KEYS; i++)
		if (step_is(words[i], word))
			return (enum member_key)i;
	return MEMBER_OTHER;
}

static void begin(struct step *s)
{
	s->count = s->share_count = 0;
	s->odd = false;
	memset(s->places, 0, sizeof(s->places));
}

static void add_member(struct step *s, struct str key, struct str text, int64_t number)
{
	enum member_key is = key_of(key);

	if (s->count == STEP_MEMBERS_MAX) {
		s->odd = true;
		return;
	}
	s->members[s->count++] = (struct step_member){ key, text, number, is };
	s->places[is] = (unsigned char)s->count;
	s->odd |= !step_is_sane(is, number);
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

	begin(s);
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
	begin(step);
	if (!scan_char(s, '{'))
		return false;
	do {
		if (!take_member(s, step))
			return false;
	} while (scan_char(s, ','));
	return scan_char(s, '}');
}

/* What is before the steps: two texts, which may say anything. */
bool step_scan_head(struct scan *s)
{
	struct str text;

	return scan_word(s, STR("{\"sentence\":")) && take_text(s, &text)
	       && scan_word(s, STR(",\"terms\":")) && take_text(s, &text)
	       && scan_word(s, STR(",\"steps\":"));
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
