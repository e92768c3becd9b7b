/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAMPAIGN_TERMS_INPUT_H
#define CAMPAIGN_TERMS_INPUT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * What the terms editor asks, as a table: sections of inputs, and sections with rows of them.
 *
 * An input's path is that of its value in the terms document, and its name in the form as
 * well: "hold_days", "tiers/steps/0/from". So an error of the document's reader already
 * says which input it means. Inputs of a row have the path below the row: "from".
 */

enum terms_input_kind {
	TERMS_CHOICE,
	TERMS_NUMBER,
	TERMS_MONEY,
	TERMS_FROM,      /* of a tier: money, or a number of what tiers/by counts */
	TERMS_PERCENT,
	TERMS_TEXT,
	TERMS_LIST,      /* several texts with commas between them */
	TERMS_COUNTRIES, /* likewise, in capitals */
	TERMS_CHECK,
	TERMS_RENEWAL,   /* true or false of "recurring", or none */
	/* Two inputs each: a text PATH/is and a choice PATH/how. */
	TERMS_REWARD,
	TERMS_MONTHS,
	TERMS_OWNERSHIP,
};

struct terms_input {
	const char *path, *label, *hint;
	enum terms_input_kind kind;
	/* of a choice, both ending with NULL: as in the document, and in words */
	const char *const *names, *const *texts;
	const char *usual; /* what a document means that leaves it out; NULL: nothing */
	const char *unit;  /* words behind a number: "days" */
};

struct terms_section {
	const char *key, *title, *hint;
	const struct terms_input *inputs;
	size_t count;
	/* Rows: an array in the document, or an object whose keys are the inputs "name". */
	const char *list;          /* "tiers/steps"; NULL: no rows */
	const char *row, *add;     /* "Tier", "Add a tier" */
	const struct terms_input *cells;
	size_t cell_count, row_max;
	bool keyed;
	bool ordered;              /* the first row that fits counts, so rows can be moved */
	bool needs_rows;      /* without rows its inputs mean nothing and are left out */
};

extern const struct terms_section terms_sections[];
extern const size_t terms_section_count;

#endif
