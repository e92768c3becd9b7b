/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_ROWS_H
#define API_ROWS_H

#include "api/api.h"
#include "db/db.h"

/*
 * Lists that are read whole or by a query of their own: answered in the form of
 * all lists (see list.h).
 */
struct api_rows {
	const struct model *model;
	const struct list *rows;
	size_t size; /* of one */
	bool (*more)(struct ctx *c, const void *row, struct buf *b); /* NULL, or adds members */
	bool has_more;
};

bool api_reply_rows(struct ctx *c, const struct req *q, struct res *r, const struct api_rows *l);

/*
 * Of a list that was read whole, what `limit`, `starting_after` and `ending_before` ask for.
 * `id` is the column of the rows' ids; rows with one id stand together and are not parted.
 * ERR_INVALID names any other parameter, and a cursor that is in no row.
 */
bool api_reply_cut(struct ctx *c, const struct req *q, struct res *r, const struct api_rows *l,
                   const char *id);

/* One of them by itself. */
bool api_reply_row(struct ctx *c, struct res *r, int status, const struct api_rows *l);

#endif
