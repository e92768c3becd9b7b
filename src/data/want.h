/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_WANT_H
#define DATA_WANT_H

#include "base/ctx.h"
#include "base/field.h"
#include "base/money.h"

/*
 * What a reader wants of one input: shared by json.h and form.h, so that a page
 * and the API refuse the same values with the same words.
 *
 * MUST: a missing value (or null, or "" in a form) is ERR_INVALID.
 * MAY: a missing value is fine and leaves *out alone; set the default before.
 *
 *	struct str note = STR("");
 *	return json_get_str(c, in, "name", MUST(1, 120), &name)
 *	    && json_get_str(c, in, "note", MAY_LINES(2000), &note)
 *	    && json_get_id(c, in, "partner", MUST_ID(ID_PARTNER), &partner_id);
 */
struct want {
	bool required;
	bool lines;               /* a text may contain tabs and line ends */
	int64_t min, max;         /* value of a number, characters of a text; see below */
	enum id_kind kind;        /* of an id */
	const char *const *names; /* of a choice; ends with NULL */
};

#define MUST(lo, hi) ((struct want){ .required = true, .min = (lo), .max = (hi) })
#define MAY(lo, hi) ((struct want){ .min = (lo), .max = (hi) })
#define MUST_LINES(hi) ((struct want){ .required = true, .lines = true, .min = 1, .max = (hi) })
#define MAY_LINES(hi) ((struct want){ .lines = true, .max = (hi) })
#define MUST_ID(id) ((struct want){ .required = true, .kind = (id) })
#define MAY_ID(id) ((struct want){ .kind = (id) })
#define MUST_NAME(list) ((struct want){ .required = true, .names = (list) })
#define MAY_NAME(list) ((struct want){ .names = (list) })

/*
 * The checks themselves. Each fails with ERR_INVALID on `field`, naming the limit.
 * A text is well-formed UTF-8 without control characters, of .max (0: 255) characters
 * at most; an integer within .min and .max, unless both are 0.
 */
bool want_missing(struct ctx *c, const char *field, struct want w); /* true for MAY */
bool want_str(struct ctx *c, const char *field, struct want w, struct str s);
bool want_int(struct ctx *c, const char *field, struct want w, int64_t value);

/* From text to value: RFC 3339, "prt_…", a choice, "12.5" %, "USD", "DE" (or "usd", "de"). */
bool want_time(struct ctx *c, const char *field, struct str s, int64_t *out_ms);
bool want_id(struct ctx *c, const char *field, struct want w, struct str s, int64_t *out);
bool want_name(struct ctx *c, const char *field, struct want w, struct str s, int64_t *out);
bool want_percent(struct ctx *c, const char *field, struct str s, int64_t *out_ppm);
bool want_currency(struct ctx *c, const char *field, struct str s, const struct currency **out);
bool want_country(struct ctx *c, const char *field, struct str s, struct str *out);

#endif
