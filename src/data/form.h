/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_FORM_H
#define DATA_FORM_H

#include "base/field.h"
#include "data/json.h"
#include "data/want.h"

/*
 * Forms: application/x-www-form-urlencoded bodies and query strings, decoded.
 *
 * Decoding is strict: a bad percent sequence, NUL or invalid UTF-8 is an error,
 * never a guess. Names and values live in the arena of the call. The order of the
 * text is kept; names may repeat. {0} is an empty form.
 */

#define FORM_FIELDS_MAX 1000
#define FORM_NAME_MAX 128             /* bytes, decoded */
#define FORM_VALUE_MAX (256 * 1024)   /* bytes, decoded */

struct form_field {
	struct str name, value;
};

struct form {
	const struct form_field *fields;
	size_t count;
};

/* ERR_MALFORMED names the parameter; ERR_TOO_LARGE over a limit above. */
bool form_read(struct ctx *c, struct str text, struct form *out);

/*
 * For what people type or paste. Control characters are ERR_INVALID on their field, and *out is
 * the form with blanks in their place all the same, to be shown again.
 */
bool form_read_typed(struct ctx *c, struct str text, struct form *out);

/* The first value of a name, or the empty string; form_has tells the two apart. */
struct str form_get(const struct form *f, const char *name);
bool form_has(const struct form *f, const char *name);

/* All values of a name: start with *at = 0; false after the last. */
bool form_next(const struct form *f, const char *name, size_t *at, struct str *out);

/*
 * Typed getters, as in json.h. Blanks around a value are cut off and an empty value
 * counts as missing. A bool is on/off, true/false, yes/no or 1/0, and the last value
 * counts, so that a hidden "0" may stand before a checkbox. Money is decimal text in
 * the currency: "1234.5".
 */
bool form_get_str(struct ctx *c, const struct form *f, const char *name, struct want w,
                  struct str *out);
bool form_get_int(struct ctx *c, const struct form *f, const char *name, struct want w,
                  int64_t *out);
bool form_get_bool(struct ctx *c, const struct form *f, const char *name, struct want w, bool *out);
bool form_get_time(struct ctx *c, const struct form *f, const char *name, struct want w,
                   int64_t *out_ms);
bool form_get_id(struct ctx *c, const struct form *f, const char *name, struct want w,
                 int64_t *out);
bool form_get_name(struct ctx *c, const struct form *f, const char *name, struct want w,
                   int64_t *out);
bool form_get_percent(struct ctx *c, const struct form *f, const char *name, struct want w,
                      int64_t *out_ppm);
bool form_get_currency(struct ctx *c, const struct form *f, const char *name, struct want w,
                       const struct currency **out);

/* As form_get_str, read in the currency. .min and .max are minor units (max 0: MONEY_MAX_MINOR). */
struct form_money {
	const char *name;
	const struct currency *currency;
	struct want want;
};
bool form_get_money(struct ctx *c, const struct form *f, struct form_money m, int64_t *out_minor);

/*
 * The object a client of the API would have sent: one key for each IN field of the
 * model that the form has. Texts, ids, times, choices and percentages stay texts,
 * integers and bools become values, AS_JSON is parsed; the caller hands the object to
 * the same function as the API does, which checks it. Empty is null for NULLABLE
 * fields, "" for texts, and left out otherwise. An input called "KEY.money" holds
 * decimal money in the currency of the input "currency" and becomes integer KEY.
 * Other inputs are ignored. Belongs to the arena.
 */
bool form_json(struct ctx *c, const struct form *f, const struct model *m, json_t **out);

/* Append name=value, percent-encoded, with "&" between pairs; for links. */
void form_put(struct buf *b, const char *name, struct str value);

#endif
