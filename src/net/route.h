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
	CONTROL_WRITE, /* in the lane of the control data; c->org_id is set where the route has one */
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
};

struct route {
	enum method method;
	const char *path;      /* "/api/v1/partners/:id"; ":org" is the organisation's slug */
	enum route_who who;
	enum route_mode mode;
	unsigned flags;
	const char *scope;     /* API: the scope a key needs, e.g. "partners:write"; NULL: any */
	handler_fn run;
};

struct router;

/* Build the lookup; rows that can never match or are ambiguous are a bug. Lives in the arena. */
struct router *router_new(struct arena *a, const struct route *routes, size_t count);

/*
 * Find the row for a method and path and fill q->args. NULL if the path is unknown;
 * *out_method_known tells 404 from 405. HEAD matches GET rows.
 */
const struct route *router_match(const struct router *r, struct req *q, bool *out_path_known);

#endif
