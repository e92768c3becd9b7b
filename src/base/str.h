/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * Strings: a pointer and a length, never owned by the struct itself.
 *
 * Who made the bytes keeps them: a literal lives for ever, a string made by an
 * arena lives as long as the arena. Strings made by an arena are followed by a
 * NUL, so .p may be handed to libc; slices of other strings are not.
 * The empty string is {NULL, 0} or {anything, 0}; both are equal.
 */
struct str {
	const char *p;
	size_t n;
};

/* A literal as a struct str, also in static tables. */
#define STR(literal) ((struct str){ (literal), sizeof(literal) - 1 })
#define STR_INIT(literal) { (literal), sizeof(literal) - 1 }

/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, ((s).p ? (s).p : "")

/* Borrow a NUL-terminated string; NULL gives the empty string. */
static inline struct str str_from(const char *c)
{
	return (struct str){ c, c ? strlen(c) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.p && b.p ? memcmp(a.p, b.p, a.n) == 0 : a.n == 0);
}
static inline bool str_is(struct str a, const char *literal)
{
	return str_eq(a, str_from(literal));
}
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, const char *prefix);
bool str_ends(struct str s, const char *suffix);
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */

/* The part from (at most n bytes); out of range gives what there is. */
static inline struct str str_slice(struct str s, size_t from, size_t n)
{
	from = from < s.n ? from : s.n;
	return (struct str){ s.n > 0 ? s.p + from : s.p, n < s.n - from ? n : s.n - from };
}

/* Without white space (ASCII) at both ends. */
struct str str_trim(struct str s);

/*
 * Cut the text before the first `sep` off *rest and return it; *rest becomes what follows.
 * Without a separator the whole is returned and *rest becomes empty with p == NULL.
 */
static inline struct str str_cut(struct str *rest, char sep)
{
	const char *hit = rest->n > 0 ? memchr(rest->p, sep, rest->n) : NULL;
	struct str head = *rest;

	*rest = (struct str){ NULL, 0 };
	if (hit) {
		*rest = (struct str){ hit + 1, head.n - (size_t)(hit + 1 - head.p) };
		head.n = (size_t)(hit - head.p);
	}
	return head;
}

/* Position of the first byte c at or after from, or SIZE_MAX. */
static inline size_t str_find(struct str s, char c, size_t from)
{
	const char *hit = from < s.n ? memchr(s.p + from, c, s.n - from) : NULL;

	return hit ? (size_t)(hit - s.p) : SIZE_MAX;
}

/* A decimal integer with optional minus and nothing else around it; false leaves *out alone. */
bool str_to_int(struct str s, int64_t *out);

/* Well-formed UTF-8 without NUL and without C0 controls but tab, CR and LF. */
bool str_is_text(struct str s);

/* Is there a control character in it: below space, or DEL? Eight bytes at a time. */
bool str_has_control(struct str s);

/* Number of Unicode code points of well-formed UTF-8. */
size_t str_length(struct str s);

/* FNV-1a, 64 bits; for tables in memory, never stored. */
uint64_t str_hash(struct str s);

#endif
