/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_LIST_H
#define API_LIST_H

#include "api/api.h"
#include "db/db.h"

/*
 * Lists: one description per list gives its parameters, its SQL and its answer
 * {"object":"list","url":…,"has_more":…,"data":[…]}, newest first.
 *
 *     limit                          1 to 100, 10 when not given
 *     starting_after, ending_before  an id; at most one of them
 *     partner=prt_…  status=a,b      a filter; several ids or choices with commas
 *     created_at.gte=2026-01-01      .gte .gt .lte .lt for times
 *
 * Any other parameter is refused by name. Filters on values that the actor may not
 * see are refused as well. A partner gets its own rows only.
 *
 * A list has few statements, made once: one for each indexed filter that can lead
 * the search, and one without. So each search walks an index in the order of the
 * answer, and stops when the page is full; what the other filters say is checked
 * row by row. Rows need an `id`; ids grow with time.
 */

#define LIST_FILTERS_MAX 12
#define LIST_LIMIT_MAX 100
#define LIST_LIMIT_DEFAULT 10

/* How rows are found by a text that is stored under several keys, one for each kind of row. */
#define LIST_IDS_MAX 16
struct list_ids {
	size_t count; /* how many there can be, at most LIST_IDS_MAX */
	/* the id of the i-th, 0: there is none */
	bool (*find)(struct ctx *c, struct str text, size_t i, int64_t *out);
};

struct list_filter {
	/* of the model; says type and, by its JSON key, the parameter */
	const char *column;
	bool indexed;               /* can lead: there is an index (org_id, column, id) */
	const char *lead;           /* can lead: a condition that an index finds; `@` is the value */
	const struct list_ids *ids; /* can lead, by the ids that the text stands for */
	/* its values but these can lead: "sale,lead"; there is an index of the others' rows */
	const char *common;
	const char *param;          /* another name of the parameter; NULL: the column's JSON key */
	int64_t (*key)(struct str); /* NULL, or: external_key is this of the text asked for */
	/* NULL, or: what is compared instead of the column; `#` is the time at hand */
	const char *value;
	const char *where;          /* a condition instead, about the id `@` of kind .kind */
	enum id_kind kind;          /* with .where; .param is needed too */
};

struct list_spec {
	const struct model *model;
	size_t row_size;
	const struct list_filter *filters;
	size_t filter_count;
	const char *partner_column; /* a filter: whose row it is; NULL: partners see none of this */
	bool (*more)(struct ctx *c, const void *row, struct buf *b); /* NULL, or adds members */
	void (*settle)(struct ctx *c, void *row); /* NULL, or makes a row what it is at c->now_ms */
};

/* Answer a list. */
bool list_reply(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l);

/*
 * The same, of the rows that have this value in a filter's column only (which is then no
 * parameter).
 */
struct list_scope {
	const char *column;
	int64_t value;
};
bool list_reply_of(struct ctx *c, const struct req *q, struct res *r, const struct list_spec *l,
                   struct list_scope scope);

/* One page as rows, for pages of HTML: the same parameters, the same rules. */
struct list_page {
	struct list rows;
	bool more; /* in the direction asked for */
};
bool list_find(struct ctx *c, const struct form *query, const struct list_spec *l,
               struct list_scope scope, struct list_page *out);

/* One object as it stands in the list, with `more`. */
bool list_reply_row(struct ctx *c, struct res *r, int status, const struct list_spec *l,
                    const void *row);

/* Append it. */
bool list_put(struct ctx *c, const struct list_spec *l, const void *row, struct buf *b);

/* Is there a statement that this filter leads? */
bool list_can_lead(const struct list_filter *f);

/*
 * The statement led by a filter (filter_count: by none), oldest first if backwards; for tests too.
 */
const struct sql *list_sql(const struct list_spec *l, size_t lead, bool backwards);

/* The parameter of a filter. */
const char *list_param(const struct list_spec *l, const struct list_filter *f);

#endif
