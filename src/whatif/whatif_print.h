/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_WHATIF_PRINT_H
#define WHATIF_WHATIF_PRINT_H

#include "whatif/whatif.h"

/*
 * A simulation on paper: for programs, for spreadsheets and for a terminal.
 */

/* The answer of the API and of `--format json`; docs/API.md lists its members. */
void whatif_json(struct buf *b, const struct whatif *w);

/* One row a partner: what it got, what it would get, the difference. Amounts as people write. */
void whatif_csv(struct buf *b, const struct whatif *w);

/* Figures, reasons, months and the partners with the largest differences. */
void whatif_text(struct buf *b, const struct whatif *w);

/* Why an event earns nothing, for people: "the customer's months are over". */
const char *whatif_reason(enum gate gate);

/* "2026-11" of 202611. */
struct str whatif_month_text(struct arena *a, int64_t month);

/* "3 partners would get more, 1 less, 0 the same." */
struct str whatif_who(struct arena *a, const struct whatif *w);

/* What a reader has to know besides; at most WHATIF_NOTES, returns how many. */
#define WHATIF_NOTES 6
size_t whatif_notes(struct arena *a, const struct whatif *w, struct str out[WHATIF_NOTES]);

#endif
