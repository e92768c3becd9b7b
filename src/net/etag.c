/* SPDX-License-Identifier: Apache-2.0 */
#include "net/etag.h"
#include "base/check.h"

enum step { STEP_TAG, STEP_END, STEP_WRONG };

struct tag {
	bool weak;
	struct str quoted;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 9110: etagc = %x21 / %x23-7E / obs-text */
static bool is_etagc(char c)
{
	unsigned char u = (unsigned char)c;

	return u == 0x21 || (u >= 0x23 && u != 0x7f);
}

static void skip_blanks(struct str *s)
{
	while (s->n > 0 && is_blank(s->p[0]))
		*s = str_slice(*s, 1, s->n);
}

/* To the next element that is not empty. */
static void skip_empty(struct str *s)
{
	while (s->n > 0 && (is_blank(s->p[0]) || s->p[0] == ','))
		*s = str_slice(*s, 1, s->n);
}

/* Cut the next tag off the list. */
static enum step take(struct str *rest, struct tag *out)
{
	size_t end = 1;

	skip_empty(rest);
	if (rest->n == 0)
		return STEP_END;
	out->weak = str_starts(*rest, "W/");
	if (out->weak)
		*rest = str_slice(*rest, 2, rest->n);
	if (!str_starts(*rest, "\""))
		return STEP_WRONG;
	while (end < rest->n && is_etagc(rest->p[end]))
		end++;
	if (end == rest->n || rest->p[end] != '"')
		return STEP_WRONG;
	out->quoted = str_slice(*rest, 0, end + 1);
	*rest = str_slice(*rest, end + 1, rest->n);
	skip_blanks(rest);
	return rest->n == 0 || rest->p[0] == ',' ? STEP_TAG : STEP_WRONG;
}

static bool is_any(struct str list)
{
	return str_is(str_trim(list), "*");
}

bool etag_list_ok(struct str list)
{
	enum step step;
	size_t count = 0;
	struct tag tag;

	if (is_any(list))
		return true;
	while ((step = take(&list, &tag)) == STEP_TAG)
		count++;
	return step == STEP_END && count > 0;
}

static bool has(struct str list, struct str tag, bool also_weak)
{
	struct tag one;

	CHECK(str_starts(tag, "\""));
	if (is_any(list))
		return true;
	while (take(&list, &one) == STEP_TAG)
		if ((also_weak || !one.weak) && str_eq(one.quoted, tag))
			return true;
	return false;
}

bool etag_list_has_strong(struct str list, struct str tag)
{
	return has(list, tag, false);
}

bool etag_list_has_weak(struct str list, struct str tag)
{
	return has(list, tag, true);
}
