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

/* One of them by itself. */
bool api_reply_row(struct ctx *c, struct res *r, int status, const struct api_rows *l);

#endif
