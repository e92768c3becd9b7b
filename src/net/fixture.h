/* SPDX-License-Identifier: Apache-2.0 */
#ifndef NET_FIXTURE_H
#define NET_FIXTURE_H

#include "net/server.h"
#include "unit.h"

#include <netinet/in.h>
#include <pthread.h>

/* For tests: a server with real sockets, and a client that sends whatever bytes it likes. */

/* Answers /now on its loop, and everything else from another thread with a description of it. */
struct web {
	struct server *server;
	struct sockaddr_in address;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct req *waiting[4096];
	struct res *answers[4096];
	size_t count;
	bool hold, end;
	size_t filler_bytes; /* at the end of each description */
	bool all_fast;   /* everything is answered on the loop */
};


/* What it does with a request; arg is the struct web. */
bool web_is_fast(void *arg, struct req *q);
bool web_on_request(void *arg, struct req *q, struct res *r);

/* On a free port of 127.0.0.1 with two loops. */
struct web *web_start(struct ctx *c, struct server_config config);

/*
 * While on hold nothing but /now is answered. end: the other thread ends when it has answered all.
 */
void web_hold(struct web *f, bool hold, bool end);
void web_stop(struct web *f);

int web_dial(const struct web *f);
void web_say(int fd, struct str text);

/* What comes until the peer closes, or `enough` whole answers (0: all) are there, or 5 s pass. */
struct str web_hear(struct ctx *c, int fd, int enough);

/* One request on a connection of its own, one answer. */
struct str web_ask(struct ctx *c, const struct web *f, struct str text);

bool web_has(struct str text, const char *part);
int web_status(struct str answer); /* 0 without an answer */

#endif
