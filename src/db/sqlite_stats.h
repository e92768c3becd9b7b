/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_SQLITE_STATS_H
#define DB_SQLITE_STATS_H

#include "db/sqlite_conn.h"

/*
 * What SQLite's planner has to know of an organisation's file: that org_id, which
 * every index begins with, is the same in every row. Without that it takes "org_id = ?"
 * for a good find and walks whole tables in the order of their keys. The numbers are
 * made up once, with the schema, so that plans never change while data grows
 * (https://www.sqlite.org/fileformat2.html#stat1tab).
 */
bool lite_stats(struct ctx *c, struct lite_conn *conn);

#endif
