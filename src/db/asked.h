/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_ASKED_H
#define DB_ASKED_H

#include "db/ticket.h"

/*
 * Private to src/db: questions asked ahead of a transaction's tasks (see db_ahead), and when
 * their answers stop being true.
 */

#define ASKED_MAX 512
#define ASKED_ARGS_MAX 4

struct db;

struct question {
	struct db_ticket ticket;
	size_t arg_count;
	struct val args[ASKED_ARGS_MAX];
	bool live;     /* still true */
	bool answered; /* rows are here, in db->arena */
	struct rows rows;
};

struct asked {
	struct question *items; /* in db->arena; NULL: none yet */
	size_t count, live, room;
	uint16_t slots[ASKED_MAX * 2]; /* by statement and arguments: 1 + index, 0 is empty */
};

/* Room to note a question; NULL when it cannot be noted, or is already. */
struct question *asked_note(struct db *db, const struct sql *q, struct args args);

/* The question, if it was asked and its answer is still true; else NULL. */
struct question *asked_find(struct db *db, const struct sql *q, struct args args);

/* Its answer, in c->arena: as often as somebody wants it. */
bool asked_answer(struct ctx *c, struct db *db, struct question *n, struct rows *out);

/* The statement is about to run: forget what it could change. */
void asked_spoil(struct db *db, const struct sql *q, struct args args);

void asked_clear(struct asked *a);

#endif
