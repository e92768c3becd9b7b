/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include "net/http.h"

/*
 * The route table: one row per URL and method. What a page or call requires is
 * in columns, not in its code, so that one table shows who may do what.
 */

typedef bool (*handler_fn)(struct ctx *c, const struct req *q, struct res *r);

/* Where the handler runs and on what. */
enum route_mode {
	FAST,          /* on the loop thread: must not wait; no database */
	READ,          /* on a worker, inside a read transaction of the organisation */
	WRITE,         /* in the organisation's lane */
	CONTROL_READ,  /* on a worker, with the control data only */
	/* in the lane of the control data; c->org_id is set where the route has one */
	CONTROL_WRITE,
	SLOW,          /* on a worker without a database, one at a time, few waiting: passwords */
};

/* Who is asked for. API routes take keys; page routes take sessions. */
enum route_who {
	ANYBODY,
	SIGNED_IN,   /* any user */
	PARTNER,     /* a partner of the organisation in the path */
	VIEWER, MANAGER, ADMIN, OWNER, /* at least this role in the organisation */
};

enum route_flags {
	ROUTE_API = 1,       /* problem+json errors, bearer keys, no CSRF */
	ROUTE_MONEY = 2,     /* needs the permission `money` */
	ROUTE_PERSONAL = 4,  /* needs the permission `personal_data` */
	ROUTE_RAW = 8,       /* the body is not parsed (webhooks) */
	ROUTE_SAFE_POST = 16, /* a page POST that needs no CSRF token (sign-in) */
	ROUTE_UPLOAD = 32,    /* a large body is welcome (imports, materials) */
	ROUTE_KEYED = 64,     /* moves money: an Idempotency-Key is required */
	/*
	 * API: answers one object, which has an ETag then (see dispatch_match.h). The answer comes
	 * from the database, not from memory, as writes run it inside their transactions, and has
	 * nothing in it that is of the request alone.
	 */
	ROUTE_ONE = 128,
};

struct route {
	enum method method;
	const char *path;      /* "/api/v1/partners/:id"; ":org" is the organisation's slug */
	enum route_who who;
	enum route_mode mode;
	unsigned flags;
	const char *scope;     /* API: the scope a key needs, e.g. "partners:write"; NULL: any */
	handler_fn run;
	/* a page's POST: shows the form again when it was refused; see q->problem */
	handler_fn again;
	/* makes q->read of the body before the request waits for its lane: no database */
	bool (*read)(struct ctx *c, struct req *q);
	/* after read, in the lane: asks (db_ahead) what run will want to know; may fail unnoticed */
	bool (*ahead)(struct ctx *c, struct req *q);
};

struct router;

/*
 * Build the lookup; it lives in the arena, the rows must outlive it.
 *
 * A path is segments between slashes; each is a literal or `:name`. Literals win
 * over `:name`, and a choice that leads nowhere is taken back, so `/:slug` and
 * `/api/…` live side by side. Two rows for one method and shape are a bug, and so
 * are empty segments, more than ROUTER_SEGMENTS_MAX of them or more than
 * REQ_ARGS_MAX names.
 */
#define ROUTER_SEGMENTS_MAX 12
struct router *router_new(struct arena *a, const struct route *routes, size_t count);

/*
 * Find the row for q->method and q->path; fills q->route and q->args. HEAD matches GET rows.
 * NULL if there is none; *out_path_known then tells 405 from 404. Segments are decoded
 * before they are compared; a bad percent sequence, NUL, invalid UTF-8, an encoded slash
 * or an empty segment match nothing. A slash at the end is not the same path.
 */
const struct route *router_match(const struct router *r, struct req *q, bool *out_path_known);

/* The methods of a known path for the Allow header: "GET, HEAD, POST"; in q->arena. */
struct str router_allow(const struct router *r, struct req *q);

#endif
