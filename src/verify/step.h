/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_STEP_H
#define VERIFY_STEP_H

#include "base/str.h"

#include <jansson.h>

/*
 * A step of an explanation, flat: its numbers and texts by name. From a JSON document, or in one
 * pass from the text that the program itself writes, without a document in memory.
 */

#define STEP_MEMBERS_MAX 24
#define STEP_SHARES_MAX 64

struct step {
	struct {
		struct str key, text; /* text "" for a number */
		int64_t number;       /* 0 for a text */
	} members[STEP_MEMBERS_MAX];
	size_t count;
	int64_t shares[STEP_SHARES_MAX];
	size_t share_count;
	bool odd;                 /* more of something than any step has */
};

/* 0 and "" where there is none. */
int64_t step_number(const struct step *s, struct str key);
struct str step_text(const struct step *s, struct str key);

/* The same words? They mostly differ in length or in the first letter. */
static inline bool step_is(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || (a.p[0] == b.p[0] && memcmp(a.p, b.p, a.n) == 0));
}

void step_from_json(struct step *s, const json_t *o);

/*
 * Call fn with each step of an explanation's text. False if it has another form than the program
 * nearly always writes (escapes, letters beyond ASCII, more levels): then nothing is known of it,
 * though fn may have been called, and it has to be read as JSON.
 */
bool step_scan(struct str explanation, void (*fn)(const struct step *s, void *arg), void *arg);

/* Its parts, for shape.h: what is before the steps, the steps, and a number as it is written. */
struct scan;
bool step_scan_head(struct scan *s);
bool step_scan_steps(struct scan *s, void (*fn)(const struct step *s, void *arg), void *arg);
bool step_scan_number(struct scan *s, int64_t *out);

#endif
