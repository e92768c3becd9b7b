/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_SAY_H
#define WEB_SAY_H

#include "fx/fx_sum.h"
#include "web/page.h"

/*
 * Small texts for people, as parts of sentences that handlers put together. Values that
 * stand alone go through the templates' filters instead.
 */

struct str say_date(const struct page *p, int64_t at_ms);                   /* "3 Dec 2026" */
struct str say_day(struct arena *a, int64_t day);                           /* "3 Dec" */
struct str say_money(const struct page *p, int64_t minor, struct str code);  /* "" without currency */
struct str say_number(struct arena *a, int64_t n);                           /* "9,808" */
struct str say_action(struct arena *a, struct str verb);                   /* "approve" is "Approved" */
struct str say_words(struct arena *a, struct str wire);                     /* "In payout" */
struct str say_days_between(struct arena *a, int64_t from_ms, int64_t to_ms); /* "22 days" */

/* "Other currencies are converted at the exchange rates of 3 Dec 2026.", or "". */
struct str say_converted(const struct page *p, const struct fx_sum *s);

/* An amount with its currency, one of several. */
struct say_part {
	struct str currency;
	int64_t minor;
};

/* All as one in the sum's currency, and behind it what has no rate: "12.00 USD + 5 JPY". */
bool say_sum(const struct page *p, struct fx_sum *s, const struct say_part *parts, size_t count,
             struct str *out);

/* "+12 %", "−5 %", "" when nothing can be compared; *out_up by its sign. */
struct str say_change(struct arena *a, int64_t before, int64_t now, bool *out_up);

/* A reward of a terms document in words: "35 %", "60.00 EUR". */
struct str say_reward(const struct page *p, const json_t *reward, struct str currency);

/* A JSON text with line breaks, for people to read and change; as it is when it is none. */
struct str say_json(struct arena *a, struct str text);

/* The id of JSON text as the address of its page ("prt_…" → "/app/acme/partners/prt_…"), or "". */
struct str say_href(const struct page *p, struct str id);

#endif
