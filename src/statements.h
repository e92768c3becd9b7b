/* SPDX-License-Identifier: Apache-2.0 */
#ifndef STATEMENTS_H
#define STATEMENTS_H

#include "api/list.h"
#include "db/db.h"

/*
 * Every SQL statement of the program: what files write by hand, what is built from
 * models, and what lists are made of. A test prepares each on both databases, and
 * `partnerd sql` prints them.
 *
 * A new file with statements is a row here; the test fails while it is not.
 */

struct statement_group {
	const char *name; /* of the table in its file */
	const struct sql *const *sql;
};

extern const struct statement_group statement_groups[]; /* ends with a NULL name */
extern const struct model *const statement_models[];    /* the tables; ends with NULL */
extern const struct list_spec *const statement_lists[]; /* ends with NULL */

/* Call v->fn for each statement with a name like "partner_sql 2"; stops when it returns false. */
struct statement_visit {
	struct ctx *c;
	void *arg;
	bool (*fn)(const struct statement_visit *v, const char *name, const struct sql *q);
};
bool statements_each(const struct statement_visit *v);

/* All of them as text, one to a line, for people. */
void statements_print(struct ctx *c, struct buf *out);

#endif
