/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_RECORD_H
#define DB_SQLITE_RECORD_H

#include "db/db_driver.h"

/*
 * Private to src/db: a row as SQLite stores it, onto a struct.
 *
 * A record is a header with the type of each column, and behind it their values
 * (https://www.sqlite.org/fileformat2.html#record_format). Nothing in it is trusted: what is no
 * record, has too few columns, or a value of another type than its field, is RECORD_ODD.
 */

#define RECORD_COLUMNS_MAX 64

/* Behind the bytes of a record so many others can be read, whatever they are. */
#define RECORD_SLACK 8

/* Where the columns go, in the order they are stored; behind the last that is wanted: nothing. */
struct record_shape {
	size_t count;
	struct record_slot {
		enum { RECORD_PASSED, RECORD_NUMBER, RECORD_TEXT } kind;
		size_t offset; /* in the row */
	} slots[RECORD_COLUMNS_MAX];
};

enum record_result { RECORD_TAKEN, RECORD_ODD, RECORD_CUT };

/* The first `n` bytes of a record of `whole` bytes. */
struct record {
	const unsigned char *p;
	size_t n, whole;
};

/*
 * The columns onto *row, texts in *texts. RECORD_CUT where what is at hand of it is not enough:
 * then parts of the row may have been written.
 */
enum record_result record_take(const struct record *r, const struct record_shape *shape,
                               struct arena *texts, char *row);

/* The first column, if that is an integer and at hand. */
bool record_first(const struct record *r, int64_t *out);

/* A number of up to nine bytes; returns how many it has, 0 if it is cut. */
size_t record_varint(const unsigned char *p, size_t n, uint64_t *out);

#endif
