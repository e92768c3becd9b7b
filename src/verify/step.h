/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_STEP_H
#define VERIFY_STEP_H

#include "base/clock.h"
#include "base/money.h"

#include <jansson.h>

/*
 * A step of an explanation, flat: its numbers and texts by name. From a JSON document, or in one
 * pass from the text that the program itself writes, without a document in memory.
 */

#define STEP_MEMBERS_MAX 24
#define STEP_SHARES_MAX 64
#define STEP_NUMBER_MAX (1000 * MONEY_MAX_MINOR) /* of any number: sums of a few still fit */
#define STEP_DAYS_MAX (STEP_NUMBER_MAX / MS_PER_DAY)

/* Members that somebody asks for; their words are in step.c. */
enum member_key {
	MEMBER_OTHER,
	MEMBER_NAME, MEMBER_RESULT, MEMBER_AMOUNT, MEMBER_TAX, MEMBER_SHIPPING, MEMBER_BASE,
	MEMBER_FROM, MEMBER_TO, MEMBER_FROM_RATE, MEMBER_TO_RATE, MEMBER_OF, MEMBER_RATE,
	MEMBER_QUANTITY, MEMBER_QUANTITY_OF, MEMBER_PART, MEMBER_IS, MEMBER_WAS, MEMBER_BEFORE,
	MEMBER_LIMIT, MEMBER_USED, MEMBER_FROM_AT, MEMBER_DAYS, MEMBER_AT,
	MEMBER_KEYS,
};

struct step {
	struct step_member {
		struct str key, text; /* text "" for a number */
		int64_t number;       /* 0 for a text */
		enum member_key is;
	} members[STEP_MEMBERS_MAX];
	size_t count;
	unsigned char places[MEMBER_KEYS]; /* of the members, from 1; 0: it has none */
	int64_t shares[STEP_SHARES_MAX];
	size_t share_count;
	bool odd;                 /* more of something, or a larger number, than any step has */
};

/* 0 and "" where there is none. */
static inline int64_t step_number(const struct step *s, enum member_key key)
{
	return s->places[key] ? s->members[s->places[key] - 1].number : 0;
}

static inline struct str step_text(const struct step *s, enum member_key key)
{
	return s->places[key] ? s->members[s->places[key] - 1].text : STR("");
}

/* Could a rule have made this number? */
static inline bool step_is_sane(enum member_key key, int64_t number)
{
	int64_t most = key == MEMBER_DAYS ? STEP_DAYS_MAX : STEP_NUMBER_MAX;

	return number <= most && number >= -most;
}

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
