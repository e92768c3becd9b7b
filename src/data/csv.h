/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "base/buf.h"
#include "base/ctx.h"
#include "base/money.h"

/*
 * CSV out and in (RFC 4180).
 *
 * Out: rows end with CR LF; cells are quoted when they must be. A text that a
 * spreadsheet would take for a formula (begins with = + - @ tab, CR or LF) gets an
 * apostrophe in front; numbers written by csv_int and csv_money do not.
 *
 * In: libcsv does the parsing; the separator may be a comma, a semicolon or a tab
 * (the first line decides), a byte order mark is skipped.
 */

struct csv_out {
	struct buf *buf;
	size_t cells; /* of the row at hand */
};

void csv_begin(struct csv_out *w, struct buf *b);
void csv_cell(struct csv_out *w, struct str text);
void csv_int(struct csv_out *w, int64_t value);
void csv_money(struct csv_out *w, int64_t minor, const struct currency *cur); /* "-1234.50" */
void csv_time(struct csv_out *w, int64_t at_ms);                              /* 0: empty */
void csv_row_end(struct csv_out *w);

#define CSV_CELLS_MAX 256
#define CSV_CELL_MAX (64 * 1024) /* bytes */

/* Cells live until the callback returns; empty lines are skipped, line counts from 1. */
struct csv_row {
	size_t line;            /* where the row begins */
	const struct str *cells;
	size_t count;
};

typedef bool (*csv_row_fn)(struct ctx *c, void *arg, const struct csv_row *row);

/*
 * Call fn for each row, the heading included; stops when it returns false.
 * ERR_MALFORMED (with the line) for bad quotes and invalid UTF-8, ERR_TOO_LARGE over a limit.
 */
bool csv_read(struct ctx *c, struct str text, csv_row_fn fn, void *arg);

/* A cell without the apostrophe that protects formulas. */
struct str csv_unguard(struct str cell);

#endif
