/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_REACH_H
#define VERIFY_REACH_H

#include "customer/customer.h"
#include "event/event.h"
#include "verify/verify.h"

/*
 * Reach: is every event and every customer found by its external id, and no other instead?
 *
 * Each row's key has to be the one of its external id. On PostgreSQL a unique index says the rest.
 * On SQLite the program keeps the keys itself (db/sqlite_keys.h): what leads from keys to ids is
 * compared with what the rows say. Both sides are added up in whatever order they come, each
 * pair of key and id as a number that nobody can foretell (128 bits of it, by a secret of this
 * audit), so nothing is kept of them; only where the sums differ both are read again, in order,
 * and each difference is named.
 */

struct reach;

struct reach *reach_new(void);
void reach_free(struct reach *r);

/* The walk over the rows begins, perhaps again. */
void reach_begin(struct reach *r);

/* A row. False if what its id leads to could not be read. */
bool reach_event(struct verify *v, const struct event *e);
void reach_customer(struct verify *v, const struct customer *cu);

/* What leads to them, which another thread may read meanwhile. False if that failed. */
bool reach_read(struct verify *v);

/* When both are done. False if something could not be read. */
bool reach_check(struct verify *v);

extern const struct sql *const reach_sql[];

#endif
