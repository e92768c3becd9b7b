/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_PG_STORE_H
#define DB_PG_STORE_H

#include "db/migrate.h"
#include "db/pg_conn.h"

#include <pthread.h>

/*
 * Private to src/db: the PostgreSQL store and its pool of connections.
 *
 * Connections are opened when needed, up to connections_max, and kept. After a
 * lost connection the generation moves on and idle connections of the old one
 * are closed, so that one failure does not become one per connection.
 */

#define PG_ROLE "partnerd_app"

struct pg_store {
	struct store store; /* first */
	struct arena arena; /* texts of the store's life */
	struct migrations migrations;
	const char *url, *migrate_url;
	bool read_only;
	bool advise;
	pthread_mutex_t lock;
	pthread_cond_t freed;
	struct pg_conn *idle;
	int64_t open_count, open_max;
	int64_t generation;
	PGconn *restoring; /* see pg_backup.c */
};

/* The store, not connected yet. NULL with c->err. */
struct pg_store *pg_store_new(struct ctx *c, const struct store_config *config);

/* Take a connection from the pool, waiting for one if need be. NULL: ERR_BUSY, ERR_STORAGE. */
struct pg_conn *pg_pool_get(struct pg_store *s, struct ctx *c);
void pg_pool_put(struct pg_store *s, struct pg_conn *conn);
void pg_pool_close(struct pg_store *s);

/*
 * Connect as the migrator and bring the database up to migration `to`; makes the role and its
 * rights.
 */
bool pg_migrate(struct pg_store *s, struct ctx *c, size_t to);

/* Inside the owner's transaction: row-level security off for the owner, and on again for all. */
extern const char pg_lift_policies[];
bool pg_protect(struct ctx *c, PGconn *h);

/* Connect with plain libpq: the migrator's connection, not in pipeline mode. NULL with c->err. */
PGconn *pg_connect_owner(struct pg_store *s, struct ctx *c);

/* Run a text on such a connection; false with c->err, the reason in the log. */
bool pg_exec(struct ctx *c, PGconn *h, const char *text);

/* The one text value a query on such a connection answers, in c->arena; "" for no row. */
bool pg_text(struct ctx *c, PGconn *h, const char *query, struct str *out);

#endif
