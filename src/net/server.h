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
 * Limits on the request line, headers, body and time are enforced before that.
 */

struct server;

struct server_config {
	struct str listen;         /* "127.0.0.1:8080", "[::1]:0" */
	int loops;                 /* loop threads */
	int64_t body_max_bytes;    /* 0: 1 MiB */
	int64_t connections_max;   /* 0: 4096 */
	int64_t idle_seconds;      /* 0: 30 */
	bool trust_proxy;          /* X-Forwarded-For/-Proto from loopback are believed */
	bool (*on_request)(void *arg, struct req *q, struct res *r);
	void *arg;
};

struct server *server_start(struct ctx *c, const struct server_config *config);

/* The address with the port that was really taken. */
struct str server_address(const struct server *s);

/* Answer a request that was taken away. The arena of q and r is released afterwards. */
void server_answer(struct req *q, struct res *r);

/* Refuse new connections, finish what is in flight (at most seconds), stop and free. */
void server_stop(struct server *s, int seconds);

struct server_stats {
	int64_t requests, answers_by_class[6], connections, bytes_out;
};
struct server_stats server_stats(const struct server *s);

#endif
