/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_EXPAND_H
#define API_EXPAND_H

#include "api/list.h"

/*
 * expand=partner,commissions.explanation: ids in an answer become the objects that they name.
 *
 * Works on any answer of the API: what is in it and may be expanded is a table (expansions.c),
 * by the names of its shapes. Objects are shown as in their own list, so nobody sees more of
 * them than there: the key needs the list's scope, hidden values are hidden, and partners see
 * rows of their own only. Each step of a path is a few statements, however many objects there
 * are: ids of all objects are asked for together.
 */

#define EXPAND_DEPTH_MAX 3
#define EXPAND_PATHS_MAX 10
#define EXPAND_ROWS_MAX 1000 /* that one step may bring into an answer */

/* A member of a shape that may be expanded. */
struct expansion {
	const char *of, *member;
	const char *to;               /* the shape it becomes; NULL: it is there, with nothing inside */
	const struct list_spec *list; /* where the objects come from; NULL: they are there */
	/* NULL: the member is the object's id; else the column that has the id of `of`, for a list */
	const char *by;
	const char *scope;            /* what a key needs, with a list */
	bool money;                   /* and the permission */
};

/* What was asked for; lives in the request's arena. */
struct expand {
	const struct expansion *paths[EXPAND_PATHS_MAX][EXPAND_DEPTH_MAX];
	size_t count;
};

/*
 * Read the parameter for an answer of shape `of`; `scopes` are the key's. The table ends with
 * .of NULL. On "expand": ERR_INVALID names what cannot be expanded and what can, ERR_DENIED the
 * scope that is missing.
 */
struct expand_ask {
	const struct expansion *table;
	const char *of;
	struct str text, scopes;
	bool (*allows)(struct str scopes, const char *need);
};
bool expand_read(struct ctx *c, const struct expand_ask *ask, struct expand *out);

/* Put the objects into the answer, an object or a list of them. */
bool expand_apply(struct ctx *c, const struct expand *e, struct res *r);

/* The statement of a row that has a list; for tests too. */
const struct sql *expand_sql(const struct expansion *row);

#endif
