/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DB_PG_TYPES_H
#define DB_PG_TYPES_H

/* Types of PostgreSQL, from its catalog pg_type. */
enum {
	OID_BOOL = 16,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_TEXT_ARRAY = 1009,
	OID_INT8_ARRAY = 1016,
	OID_NUMERIC = 1700,
};

#endif
