/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FIELD_H
#define BASE_FIELD_H

#include "base/id.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Field tables: each noun of the program is described once, member by member,
 * and the same table drives database rows, JSON in and out, forms, CSV columns
 * and the API description. Name, type and place come from the struct member
 * itself, so they cannot disagree; a member of another type does not compile.
 *
 * In the database a field is its column: BIGINT for bool and int64_t, TEXT for
 * struct str. 0 and "" stand for "none"; NULL columns read as 0 and "". In JSON
 * a NULLABLE field that is none is null.
 */

enum field_type { TYPE_BOOL, TYPE_INT, TYPE_STR };

/* What the value means outside the program. */
enum field_as {
	AS_PLAIN,   /* number, true/false, text */
	AS_ID,      /* "prt_…" of kind .id */
	AS_TIME,    /* RFC 3339, milliseconds since the epoch inside */
	AS_ENUM,    /* one of .names, its index inside */
	AS_PERCENT, /* "12.5", parts per million inside */
	AS_JSON,    /* a JSON text inside, an object outside */
	AS_METADATA, /* data/metadata.h: as AS_JSON, but sent ones are laid over it, and none is {} */
};

enum field_flags {
	IN = 1,             /* accepted from clients */
	OUT = 2,            /* shown to clients */
	REQUIRED = 4,       /* with IN: must be there and not empty */
	UNIQUE = 8,         /* blamed when an insert conflicts */
	NULLABLE = 16,      /* none is null in JSON */
	MONEY_ONLY = 32,    /* shown only to those with the permission `money` */
	PERSONAL = 64,      /* shown only to those with the permission `personal_data` */
	FIXED = 128,        /* with IN: only when created, not when changed */
	OPEN = 256,         /* an integer below zero is not known, or none: null in JSON */
	UPPER = 512,        /* a text of capital letters: "usd" is read as "USD" */
};

struct field {
	const char *name;         /* column name */
	const char *json;         /* JSON key and form input; NULL: as the column */
	enum field_type type;
	size_t offset;
	unsigned flags;
	/* value of an integer (0, 0: any); characters of a text (max 0: 255) */
	int64_t min, max;
	enum field_as as;
	enum id_kind id;          /* AS_ID */
	/* AS_ENUM: ends with NULL; NULL entries inside are not possible */
	const char *const *names;
	const char *(*check)(struct str s); /* NULL, or says what is wrong with a text */
};

struct model {
	const char *name;  /* table name and the "object" of its JSON */
	const struct field *fields;
	size_t field_count;
	bool control;      /* lives in the control data instead of an organisation's */
};

#define FIELD_TYPE(S, m) \
	_Generic(((S *)0)->m, bool: TYPE_BOOL, int64_t: TYPE_INT, struct str: TYPE_STR)

#define FIELD(S, m, ...) \
	{ .name = #m, .type = FIELD_TYPE(S, m), .offset = offsetof(S, m), __VA_ARGS__ }

#define MODEL(table, rows) \
	{ .name = (table), .fields = (rows), .field_count = sizeof(rows) / sizeof((rows)[0]) }
#define CONTROL_MODEL(table, rows) \
	{ .name = (table), .fields = (rows), .field_count = sizeof(rows) / sizeof((rows)[0]), \
	  .control = true }

/* The JSON key of a field. */
const char *field_key(const struct field *f);

/* The field with this column name, or NULL. */
const struct field *model_field(const struct model *m, struct str column);

/* Values of one member. The type must match (CHECK). */
int64_t field_int(const struct field *f, const void *row); /* TYPE_BOOL, TYPE_INT */
struct str field_str(const struct field *f, const void *row);
void field_set_int(const struct field *f, void *row, int64_t value);
void field_set_str(const struct field *f, void *row, struct str value);

/* Index of a name in a NULL-ended list, or -1. */
int64_t names_find(const char *const *names, struct str name);

#endif
