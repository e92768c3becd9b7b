/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_TICKET_H
#define DB_TICKET_H

#include "db/db.h"

/*
 * Two halves of db_query, so that several independent reads share one round
 * trip: send all of them, then take the results in the same order.
 */
struct db_ticket {
	const struct sql *sql;
	struct rows rows;  /* SQLite answers at once */
	int64_t number;    /* PostgreSQL: place in the pipeline */
};
bool db_send(struct ctx *c, const struct sql *q, struct args args, struct db_ticket *out);
bool db_take(struct ctx *c, struct db_ticket *t, struct rows *out);

/*
 * Ask ahead for what a db_query (or db_find, …) with the same statement and arguments will want
 * soon: many of them share one round trip, where there is one (on SQLite this does nothing). An
 * answer serves everybody in the transaction until something is written that could change it: an
 * insert or update with that .late_key or .beside_key, or any other statement that writes and names
 * the table. So .beside must be there.
 */
bool db_ahead(struct ctx *c, const struct sql *q, struct args args);

/* Is asking ahead of any use here? Who has to prepare much for it may ask first. */
bool db_asks_ahead(const struct ctx *c);

#endif
