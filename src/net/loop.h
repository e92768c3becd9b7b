/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_LOOP_H
#define NET_LOOP_H

#include "net/front.h"
#include "net/peer.h"
#include "net/server.h"
#include "net/strict.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

/*
 * One loop thread of the server: a libmicrohttpd daemon without threads of its
 * own, driven from here, and the front (front.h) that receives every visitor.
 *
 * The thread waits on one epoll descriptor that holds the listening socket, the
 * front's connections, an eventfd and the daemon's own epoll descriptor. Other
 * threads touch these only: `answered` (a stack of finished requests) with
 * `answering`, the eventfd, and `stop_at_ns`. All else belongs to the loop's
 * thread, so there are no locks. libmicrohttpd's own threads are not used because
 * an epoll_wait that returns exactly 128 events makes them wait once more, for the
 * full time.
 */

enum stage {
	STAGE_HEAD,     /* the request line has been read */
	STAGE_BODY,     /* the headers are good; the body is coming in */
	STAGE_TAKEN,    /* given away; server_answer() will be called */
	STAGE_ANSWERED, /* to be sent */
	STAGE_SENDING,
};

/* One connection; lives as long as its socket. */
struct conn {
	struct loop *loop;
	struct conn *next, *previous;
	struct request *request;   /* NULL between requests */
	int fd;
	int64_t since_ns;          /* when it was opened or last changed what it does */
	bool fresh;                /* no request yet */
	bool local;                /* from this machine: may be a trusted proxy */
	struct peer *peer;         /* NULL: not counted */
	char ip[46];
};

/* One request and its answer, pooled by the loop. */
struct request {
	struct req q;
	struct res r;
	struct arena arena;
	struct loop *loop;
	struct conn *conn;         /* NULL: the front's */
	const char *ip;            /* of the connection */
	bool local;
	struct MHD_Connection *mhd;
	struct request *next;      /* in the pool or on `answered` */
	enum stage stage;
	const char *target_at;     /* where the target stands in the read buffer */
	struct str target;
	struct buf body;
	int64_t body_max_bytes;
	size_t discarded;          /* bytes of a body that is too large */
	bool close;                /* close the connection after the answer */
	char id[ID_TEXT_MAX];
	struct req_header headers[SERVER_HEADERS_MAX + 1];
};

struct loop {
	const struct server_config *config;
	struct MHD_Daemon *daemon;
	pthread_t thread;
	int event_fd;
	_Atomic(struct request *) answered;
	atomic_int answering;      /* threads that are inside server_answer() */
	_Atomic int64_t stop_at_ns; /* 0: run; else when to cut what is left */

	int epoll_fd, mhd_fd;      /* ours; the daemon's, which is in ours */
	int64_t connections_max;
	struct front front;
	struct peers peers;
	struct conn *conns, *conn_pool;
	struct request *request_pool;
	size_t pooled;
	int64_t taken;             /* requests given away */
	int64_t now_ns, swept_ns;
	bool stopping;
	bool busy;                 /* libmicrohttpd has something to do */

	_Atomic int64_t requests, connections, bytes_out, answers_by_class[6];
};

/* Take the listening socket over and start the thread; false when libmicrohttpd refuses. */
bool loop_start(struct loop *l, const struct server_config *config, int listen_fd);

/* Wake the loop's thread up; from any thread. */
void loop_wake(struct loop *l);

/* Wait for the thread (stop_at_ns is set) and free. */
void loop_join(struct loop *l);

/*
 * Three quarters of the connections there may be are taken: those that have not begun a
 * request, or do not end its head, make room for others sooner.
 */
#define CROWDED_SECONDS 1
bool loop_is_crowded(const struct loop *l);

/* exchange.c: what libmicrohttpd calls during a request. */
void *exchange_line(void *loop, const char *target, struct MHD_Connection *m);
enum MHD_Result exchange_step(void *loop, struct MHD_Connection *m, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *size, void **request);
void exchange_done(void *loop, struct MHD_Connection *m, void **request,
                   enum MHD_RequestTerminationCode why);

/* The pool of requests; a new one has its id and an empty answer. */
struct request *request_take(struct loop *l);
void request_give(struct loop *l, struct request *x);

/* What a good head says, onto x->q; x->headers are filled. */
void request_fill(struct request *x, const struct framing *f, struct str method);

/* Decode the query; false when it cannot be: then x->r is the answer. */
bool request_decode(struct request *x);

void loop_count_request(struct loop *l);
void loop_count_answer(struct loop *l, const struct res *r);

/* "1.2.3.4" of a socket address, without the IPv6 dress of IPv4; true if it is this machine. */
bool address_text(const struct sockaddr *a, char out[46]);

#endif
