/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_LIST_QUERY_H
#define API_LIST_QUERY_H

#include "api/list.h"
#include "data/form.h"

/*
 * From the parameters of a list to the arguments of its statement. Private to api/.
 *
 * Arguments: $1 the organisation, $2 the id to go on from, $3 how many rows, then
 * for each filter in order: two bounds for a time, one value for anything else, and the
 * time at hand where a filter with .value does not lead.
 * A filter that leads is compared with = or has its own condition; by ids it has
 * as many arguments before its text. The others must let everything pass when
 * they are not given: numbers are looked for in a text ",1,2," (""), texts are
 * compared unless "", conditions hold unless the id is 0.
 */

#define LIST_ARGS_MAX (2 + 2 * LIST_FILTERS_MAX + LIST_IDS_MAX)

struct list_query {
	const struct list_spec *list;
	size_t lead;      /* filter_count: none */
	bool backwards;
	int64_t limit;
	int64_t cursor;
	int64_t now_ms;
	struct {
		bool given;
		bool single;         /* one value, in number or text */
		int64_t number;
		struct str text;     /* of a text; of numbers, all of them as ",1,2," */
		int64_t from, until; /* of a time, both included */
		int64_t *ids;        /* that the text stands for */
	} values[LIST_FILTERS_MAX];
};

/* ERR_INVALID names the parameter; ERR_DENIED when the actor may not search by it. */
bool list_query_read(struct ctx *c, const struct form *query, const struct list_spec *l,
                     struct list_scope scope, struct list_query *out);

/* Fill the arguments from $2 on; returns how many. */
size_t list_query_args(const struct list_query *s, struct val *out);

/* The numbers of the common values of a filter, as "0, 1". */
struct str list_common(struct arena *a, const struct list_spec *l, const struct list_filter *f);

/* The field of a filter; NULL for a condition. */
const struct field *list_field(const struct list_spec *l, const struct list_filter *f);

#endif
