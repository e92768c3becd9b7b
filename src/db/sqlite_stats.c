/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_stats.h"

/*
 * One row per index that begins with org_id: a million rows, all with the same org_id; fifty with
 * the same next column, ten and five with the same after that; one where the index is unique. The
 * key of a clustered table goes by the table's name. An index of some rows has a hundredth of them.
 */
static const char fill[] =
        "ANALYZE; DELETE FROM sqlite_stat1;"
        "INSERT INTO sqlite_stat1 (tbl, idx, stat)"
        " SELECT t.name, CASE i.origin WHEN 'pk' THEN t.name ELSE i.name END,"
        " CASE WHEN i.partial THEN '10000 10000' ELSE '1000000 1000000' END || (SELECT group_concat(CASE"
        " WHEN i.\"unique\" AND n.seqno = (SELECT max(seqno) FROM pragma_index_info(i.name))"
        " THEN ' 1' WHEN n.seqno = 1 THEN ' 50' WHEN n.seqno = 2 THEN ' 10' ELSE ' 5' END, '')"
        " FROM pragma_index_info(i.name) AS n WHERE n.seqno > 0)"
        " FROM sqlite_schema AS t JOIN pragma_index_list(t.name) AS i"
        " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND"
        " (SELECT n.name FROM pragma_index_info(i.name) AS n WHERE n.seqno = 0) = 'org_id'"
        " AND (SELECT count(*) FROM pragma_index_info(i.name)) > 1";

bool lite_stats(struct ctx *c, struct lite_conn *conn)
{
	return lite_run(c, conn, fill);
}
