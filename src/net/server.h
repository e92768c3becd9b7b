/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_SERVER_H
#define NET_SERVER_H

#include "net/http.h"

/*
 * The HTTP server: loop threads over libmicrohttpd, each driven from outside.
 *
 * The on_request function is called on a loop thread with a complete request. It
 * either answers at once (returns true, *r filled) or takes the request away
 * (returns false) and later calls server_answer() from any thread, exactly once.
 *
 * A plain GET that is_fast knows is answered without libmicrohttpd (see front.h). It
 * sees the method, path and headers, and may set q->route and q->args for on_request.
 *
 * What is not exactly HTTP/1.1 (RFC 9112) never gets there: it is answered with
 * 400, 413, 414, 431 or 501 and the connection is closed. So are slow senders:
 * a request's line and headers have head_seconds, its body at least 1 KiB/s.
 * q->query is decoded; the body is as sent (see req_read_form).
 */

#define SERVER_TARGET_MAX (8 * 1024)  /* bytes of path and query */
#define SERVER_HEAD_MAX (16 * 1024)   /* bytes of request line and headers */
#define SERVER_HEADERS_MAX 100

struct server;

struct server_config {
	struct str listen;         /* "127.0.0.1:8080", "[::1]:0" */
	int loops;                 /* loop threads; 0: one per core, at most 8 */
	int64_t body_max_bytes;    /* 0: 1 MiB */
	int64_t connections_max;   /* 0: 4096 */
	int64_t address_max;       /* connections from one address but this machine's; 0: 512 */
	int64_t idle_seconds;      /* 0: 30 */
	int64_t head_seconds;      /* for a request's line and headers; 0: 10 */
	bool peek_all;             /* as where the system cannot go on peeking; for tests */
	bool trust_proxy;          /* X-Forwarded-For/-Proto from loopback are believed */
	bool (*on_request)(void *arg, struct req *q, struct res *r);
	bool (*is_fast)(void *arg, struct req *q); /* NULL, or: on_request will answer it at once */
	/* NULL, or: instead of body_max_bytes */
	int64_t (*body_limit)(void *arg, const struct req *q);
	void *arg;
};

/* NULL with ERR_CONFLICT when the address is taken, ERR_INVALID when it cannot be used. */
struct server *server_start(struct ctx *c, const struct server_config *config);

/* The address with the port that was really taken. */
struct str server_address(const struct server *s);

/* Answer a request that was taken away. The arena of q and r is released afterwards. */
void server_answer(struct req *q, struct res *r);

/*
 * Refuse new connections, finish what is in flight, stop and free. After `seconds`
 * connections are cut, but requests that were taken away are still waited for.
 */
void server_stop(struct server *s, int seconds);

struct server_stats {
	int64_t requests, answers_by_class[6], connections, bytes_out;
};
struct server_stats server_stats(const struct server *s);

#endif
