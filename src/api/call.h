/* SPDX-License-Identifier: Apache-2.0 */
#ifndef API_CALL_H
#define API_CALL_H

#include "api/api.h"
#include "db/fixture.h"
#include "net/route.h"

/*
 * Tests that call handlers of the API as the dispatcher would, without the net.
 *
 *	json_t *p = call(c, &(struct call){ partner_api_create, .body = "{…}" }, 201);
 *	REFUSES((&(struct call){ partner_api_get, .args = { "prt_x" } }), ERR_NOT_FOUND, "id");
 */
/* Begin a transaction of the organisation, with the control data for reading; and end it. */
bool call_begin(struct ctx *c, struct store *s, int64_t org_id);
bool call_end(struct ctx *c, struct store *s);

struct call {
	handler_fn run;
	const char *body;  /* JSON; single quotes stand for double ones */
	const char *query;
	const char *args[2];
};

/*
 * Call; the test fails unless it answers with this status. The answer belongs to the arena; NULL if
 * empty.
 */
json_t *call(struct ctx *c, const struct call *k, int status);

/* As the handler returns; *out is its answer if true. */
bool call_try(struct ctx *c, const struct call *k, struct res *out);

#define REFUSES(k, code, field) \
	do { \
		struct res refused; \
		FAILS(call_try(c, (k), &refused), (code), (field)); \
	} while (0)

/* The text of a member of an answer; "" for null and anything that is no text. */
const char *said(const json_t *answer, const char *key);
int64_t said_int(const json_t *answer, const char *key);

/* A campaign and a partner in it, as the API makes them; their ids as texts. */
const char *call_campaign(struct ctx *c, const char *slug);
const char *call_partner(struct ctx *c, const char *campaign, const char *email);

#endif
