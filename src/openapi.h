/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OPENAPI_H
#define OPENAPI_H

#include "api/list.h"
#include "net/route.h"

/*
 * The description of the JSON API: OpenAPI 3.1, made from the routes, the field
 * tables, the lists and two tables more: what each call is for (openapi_calls.c), and
 * the shapes that bodies and answers have (openapi_shapes.c). So it cannot disagree with the code.
 * A test wants a row for every route of the API, and a route for every row.
 *
 * Schemas by hand are JSON with single quotes.
 */

/* A named shape: a model's OUT (or IN) fields with more properties, or one by hand. */
struct api_schema {
	const char *name;
	const struct model *model;
	bool in;             /* the IN fields, as a body */
	bool change;         /* of a body: without those that are FIXED, and nothing is required */
	const char *more;    /* properties beside the fields: "'a':{…},'b':{…}" */
	const char *by_hand; /* a whole schema instead of a model */
};

struct api_call {
	enum method method;
	const char *path;         /* as in the routes */
	const char *what;         /* one sentence */
	const char *body;         /* name of a schema, or NULL */
	int status;
	const char *answer;       /* name of a schema; NULL: no JSON */
	const struct list_spec *list; /* the answer is a list of that schema, with these filters */
	const char *query;        /* other parameters: names with blanks between */
	const char *expands;      /* the shape in it that `expand` is about; NULL: the answer */
};

extern const struct api_schema api_schemas[]; /* end with a NULL name and path */
extern const struct api_call api_calls[];

/* Write the document. */
void openapi_write(struct buf *b);

/* GET /api/v1/openapi.json */
bool openapi_api_get(struct ctx *c, const struct req *q, struct res *r);

#endif
