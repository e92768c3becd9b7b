/* SPDX-License-Identifier: Apache-2.0 */
#include "data/metadata.h"

#include "base/buf.h"
#include "base/check.h"
#include "data/json.h"
#include "data/want.h"

#include <stdlib.h>

#define POINTER_MAX 48 /* bytes of a name that an error repeats */

/* The name as a part of a JSON pointer (RFC 6901), cut where it is too long to repeat. */
static const char *pointer_part(struct ctx *c, struct str name)
{
	size_t n = name.n < POINTER_MAX ? name.n : POINTER_MAX;
	struct buf b;

	while (n < name.n && n > 0 && ((unsigned char)name.p[n] & 0xc0) == 0x80)
		n--;
	buf_init(&b, c->arena);
	for (size_t i = 0; i < n; i++) {
		if (name.p[i] == '~' || name.p[i] == '/')
			buf_puts(&b, name.p[i] == '~' ? "~0" : "~1");
		else
			buf_char(&b, name.p[i]);
	}
	buf_char(&b, '\0');
	return b.p;
}

static bool check_name(struct ctx *c, struct str name)
{
	if (name.n == 0)
		return fail(c, ERR_INVALID, "", "a name must not be empty");
	return want_str(c, pointer_part(c, name), MUST(1, METADATA_KEY_MAX), name)
	    || fail(c, ERR_INVALID, pointer_part(c, name),
	            "a name has 1 to %d characters, and no control characters", METADATA_KEY_MAX);
}

static bool set(struct ctx *c, json_t *all, const char *key, json_t *value)
{
	static const struct want text = { .lines = true, .max = METADATA_VALUE_MAX };
	const char *at = pointer_part(c, str_from(key));

	if (!check_name(c, str_from(key)))
		return false;
	if (json_is_null(value) || (json_is_string(value) && json_text(value).n == 0)) {
		json_object_del(all, key);
		return true;
	}
	if (!json_is_string(value))
		return fail(c, ERR_INVALID, at, "must be a text");
	if (!want_str(c, at, text, json_text(value)))
		return false;
	json_object_set(all, key, value);
	return true;
}

/* The first of what was sent that is one too many. */
static bool too_many(struct ctx *c, const json_t *before, const json_t *sent)
{
	size_t count = json_object_size(before);
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)sent, key, value)
		if (json_is_string(value) && json_text(value).n > 0 && !json_object_get(before, key)
		    && ++count > METADATA_KEYS_MAX)
			break;
	return fail(c, ERR_INVALID, key ? pointer_part(c, str_from(key)) : "",
	            "there can be %d names at most", METADATA_KEYS_MAX);
}

static bool merge(struct ctx *c, json_t *all, const json_t *before, const json_t *sent)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)sent, key, value)
		if (!set(c, all, key, value))
			return false;
	return json_object_size(all) <= METADATA_KEYS_MAX || too_many(c, before, sent);
}

bool metadata_merge(struct ctx *c, const char *field, struct str before, const json_t *sent,
                    struct str *out)
{
	json_t *known = before.n ? json_loadb(before.p, before.n, 0, NULL) : json_object(), *all;
	char *text;

	CHECK(json_is_object(known) && json_is_object(sent));
	json_own(c->arena, known);
	all = json_own(c->arena, json_copy(known));
	if (!merge(c, all, known, sent))
		return fail_under(c, field);
	*out = STR("");
	if (json_object_size(all) == 0)
		return true;
	text = json_dumps(all, JSON_COMPACT);
	CHECK(text != NULL);
	*out = arena_str(c->arena, str_from(text));
	free(text);
	return true;
}
