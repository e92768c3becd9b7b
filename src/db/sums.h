/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SUMS_H
#define DB_SUMS_H

#include "db/db.h"

/*
 * Private to src/db: rows of sums that many tasks of one transaction add to, such as a partner's
 * balance.
 *
 * A statement with .sums_from is an INSERT … ON CONFLICT … DO UPDATE that adds the arguments from
 * $sums_from on to the row found by those before. Additions to one row are added up here and
 * written once: before the commit, or before another statement names one of db_sum_tables. The
 * rows are the same afterwards; 128 sales of one partner change its balance once.
 *
 * Additions of a part that is undone are forgotten with it.
 */

#define SUMS_MAX 256
#define SUM_ARGS_MAX 10
#define DB_PARTS_MAX 2 /* savepoints inside each other: a task's, and one of an event in it */

struct db;

struct sum {
	const struct sql *sql;
	size_t arg_count;
	struct val args[SUM_ARGS_MAX]; /* texts in db->arena */
};

/* What was there when a part began. */
struct sums_mark {
	struct sum *items;
	size_t count;
};

struct sums {
	struct sum *items;                /* in db->arena; NULL: none yet */
	size_t count, room;
	uint16_t slots[SUMS_MAX * 2];     /* by key: 1 + index into items, 0 is empty */
	struct sums_mark marks[DB_PARTS_MAX];
};

/* Tables whose rows are only ever changed by such statements or read; ends with NULL. */
extern const char *const db_sum_tables[];

/* Forget everything: a transaction begins. */
void sums_clear(struct sums *s);

/* Add the arguments, complete with the organisation. Writes all when there are too many rows. */
bool sums_add(struct ctx *c, struct db *db, const struct sql *q, struct args args);

/* Write what waits. */
bool sums_write(struct ctx *c, struct db *db);

/* Write what waits if the statement names one of the tables. */
bool sums_make_way(struct ctx *c, struct db *db, const struct sql *q);

/* Part db->parts begins; it is undone. */
void sums_mark(struct db *db);
void sums_undo(struct db *db);

#endif
