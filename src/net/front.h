/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_FRONT_H
#define NET_FRONT_H

#include "net/http.h"

#include <sys/socket.h>

/*
 * The front: receives every connection, and answers redirects at the door.
 *
 * A visitor who follows a link is all this server sees, a hundred thousand times
 * a second on a good day, and libmicrohttpd's care for each request (it clears
 * 32 KiB of memory after it) costs as much as all the rest. So the front looks at
 * what has arrived without taking it (MSG_PEEK). If it is one complete, plain,
 * strictly correct GET for something that config.is_fast knows, it is answered
 * here. At anything else, right or wrong, the connection goes to libmicrohttpd
 * with all its bytes, for good.
 *
 * Answers are sent by front_send(), when all that have sent something were served, or
 * FRONT_ANSWERS_MAX of them: in larger groups visitors and server wait for each other in turn.
 */

#define FRONT_ANSWERS_MAX 16

struct loop;
struct guest;

struct front {
	int listen_fd;             /* -1: closed */
	bool listening;            /* in the loop's epoll set */
	struct guest *guests, *pool;
	int64_t count;             /* guests */
	int64_t again_ns;          /* not before that are connections accepted */
	int64_t date_ns;           /* when date was written, by the monotonic clock */
	size_t date_size;
	char date[32];
	char head[4096];           /* what has been peeked at */
	bool peeks_on;             /* a look begins where the last one ended */
	struct guest *answered[FRONT_ANSWERS_MAX]; /* whose answers wait to be sent */
	size_t answered_count;
	struct arena arena;        /* of those answers */
};

void front_start(struct loop *l, int listen_fd);

/* Accept what waits; serve a guest that has sent something. */
void front_accept(struct loop *l);
void front_serve(struct loop *l, struct guest *g);

/* Send the answers that wait; after all that have sent something were served. */
void front_send(struct loop *l);

/* Listen, or not while there are as many connections as there may be. */
void front_listen(struct loop *l);

/* Close guests that are idle for too long; when the loop stops, all that are; or really all. */
void front_sweep(struct loop *l, bool cut_all);

/* Refuse new connections. */
void front_close(struct loop *l);
void front_release(struct loop *l);

#endif
