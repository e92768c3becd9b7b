/* SPDX-License-Identifier: Apache-2.0 */
#include "data/json.h"
#include "base/check.h"

/* The getters of json.h: each looks the key up, checks the type, then the value. */

/* NULL for a missing key and for null. */
static json_t *find(const json_t *obj, const char *key)
{
	json_t *value = json_object_get(obj, key);

	return json_is_null(value) ? NULL : value;
}

/* The text of a string member; p is NULL when there is none. */
static bool get_text(struct ctx *c, const json_t *obj, const char *key, struct want w,
                     struct str *out)
{
	const json_t *value = find(obj, key);

	*out = (struct str){ NULL, 0 };
	if (!value)
		return want_missing(c, key, w);
	if (!json_is_string(value))
		return fail(c, ERR_INVALID, key, "must be a string");
	*out = json_text(value);
	if (out->n == 0 && w.required)
		return fail(c, ERR_INVALID, key, "must not be empty");
	return true;
}

bool json_get_str(struct ctx *c, const json_t *obj, const char *key, struct want w, struct str *out)
{
	struct str s;

	if (!get_text(c, obj, key, w, &s))
		return false;
	if (!s.p)
		return true;
	if (!want_str(c, key, w, s))
		return false;
	*out = s;
	return true;
}

bool json_get_int(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out)
{
	const json_t *value = find(obj, key);

	if (!value)
		return want_missing(c, key, w);
	if (!json_is_integer(value))
		return fail(c, ERR_INVALID, key, "must be an integer");
	if (!want_int(c, key, w, json_integer_value(value)))
		return false;
	*out = json_integer_value(value);
	return true;
}

bool json_get_money(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out)
{
	w.max = w.max ? w.max : MONEY_MAX_MINOR;
	return json_get_int(c, obj, key, w, out);
}

bool json_get_bool(struct ctx *c, const json_t *obj, const char *key, struct want w, bool *out)
{
	const json_t *value = find(obj, key);

	if (!value)
		return want_missing(c, key, w);
	if (!json_is_boolean(value))
		return fail(c, ERR_INVALID, key, "must be true or false");
	*out = json_is_true(value);
	return true;
}

bool json_get_time(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out)
{
	struct str s;

	return get_text(c, obj, key, w, &s) && (!s.p || want_time(c, key, s, out));
}

bool json_get_id(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out)
{
	struct str s;

	return get_text(c, obj, key, w, &s) && (!s.p || want_id(c, key, w, s, out));
}

bool json_get_name(struct ctx *c, const json_t *obj, const char *key, struct want w, int64_t *out)
{
	struct str s;

	return get_text(c, obj, key, w, &s) && (!s.p || want_name(c, key, w, s, out));
}

#define PERCENT_MAX 1000000 /* of those sent as integers: fits, and callers have limits of their own */

bool json_get_percent(struct ctx *c, const json_t *obj, const char *key, struct want w,
		      int64_t *out)
{
	const json_t *value = find(obj, key);
	struct str s;

	if (json_is_integer(value)) {
		w.min = -PERCENT_MAX;
		w.max = PERCENT_MAX;
		if (!want_int(c, key, w, json_integer_value(value)))
			return false;
		*out = json_integer_value(value) * (PPM_ONE / 100);
		return true;
	}
	if (json_is_real(value))
		return fail(c, ERR_INVALID, key, "must be a text such as \"12.5\"");
	return get_text(c, obj, key, w, &s) && (!s.p || want_percent(c, key, s, out));
}

bool json_get_currency(struct ctx *c, const json_t *obj, const char *key, struct want w,
                       const struct currency **out)
{
	struct str s;

	return get_text(c, obj, key, w, &s) && (!s.p || want_currency(c, key, s, out));
}

bool json_get_country(struct ctx *c, const json_t *obj, const char *key, struct want w,
                      struct str *out)
{
	struct str s;

	return get_text(c, obj, key, w, &s) && (!s.p || want_country(c, key, s, out));
}

bool json_get_object(struct ctx *c, const json_t *obj, const char *key, struct want w, json_t **out)
{
	json_t *value = find(obj, key);

	if (!value)
		return want_missing(c, key, w);
	if (!json_is_object(value))
		return fail(c, ERR_INVALID, key, "must be an object");
	*out = value;
	return true;
}

bool json_get_array(struct ctx *c, const json_t *obj, const char *key, struct want w, json_t **out)
{
	json_t *value = find(obj, key);

	if (!value)
		return want_missing(c, key, w);
	if (!json_is_array(value))
		return fail(c, ERR_INVALID, key, "must be an array");
	size_t count = json_array_size(value);

	if (count < (size_t)w.min)
		return fail(c, ERR_INVALID, key, "must have at least %lld entries",
		            (long long)w.min);
	if (w.max && count > (size_t)w.max)
		return fail(c, ERR_INVALID, key, "must have at most %lld entries, has %zu",
		            (long long)w.max, count);
	*out = value;
	return true;
}

bool json_only(struct ctx *c, const json_t *obj, const char *const *keys)
{
	const char *key;
	json_t *value;

	/* jansson's iterators take no const object, but change nothing */
	json_object_foreach ((json_t *)(uintptr_t)obj, key, value)
		if (names_find(keys, str_from(key)) < 0)
			return fail(c, ERR_INVALID, key, "is not known here");
	return true;
}
