/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "db/pg_store.h"

#include <time.h>

#define WAIT_SECONDS 10

static void forget(struct pg_store *s)
{
	pthread_mutex_lock(&s->lock);
	s->open_count--;
	pthread_cond_signal(&s->freed);
	pthread_mutex_unlock(&s->lock);
}

/*
 * With the lock held: an idle connection, or NULL for leave to open one; false after a long wait.
 */
static bool wait_turn(struct pg_store *s, struct pg_conn **out)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += WAIT_SECONDS;
	while (!s->idle && s->open_count >= s->open_max)
		if (pthread_cond_timedwait(&s->freed, &s->lock, &until) != 0)
			return false;
	*out = s->idle;
	if (s->idle)
		s->idle = s->idle->next;
	else
		s->open_count++;
	return true;
}

struct pg_conn *pg_pool_get(struct pg_store *s, struct ctx *c)
{
	struct pg_conn *conn;
	int64_t generation;
	bool granted;

	for (;;) {
		pthread_mutex_lock(&s->lock);
		granted = wait_turn(s, &conn);
		generation = s->generation;
		pthread_mutex_unlock(&s->lock);
		if (!granted) {
			fail(c, ERR_BUSY, NULL, "The server is busy");
			return NULL;
		}
		if (!conn)
			break;
		if (conn->generation == generation && pg_alive(conn))
			return conn;
		pg_close(conn);
		forget(s);
	}
	conn = pg_connect(c, s, generation);
	if (!conn)
		forget(s);
	return conn;
}

void pg_pool_put(struct pg_store *s, struct pg_conn *conn)
{
	bool lost = PQstatus(conn->h) != CONNECTION_OK;

	pthread_mutex_lock(&s->lock);
	if (lost && conn->generation == s->generation)
		s->generation++;
	if (conn->failed || lost || conn->generation != s->generation) {
		s->open_count--;
	} else {
		conn->next = s->idle;
		s->idle = conn;
		conn = NULL;
	}
	pthread_cond_signal(&s->freed);
	pthread_mutex_unlock(&s->lock);
	if (conn)
		pg_close(conn);
}

void pg_pool_close(struct pg_store *s)
{
	while (s->idle) {
		struct pg_conn *conn = s->idle;

		s->idle = conn->next;
		pg_close(conn);
		s->open_count--;
	}
	CHECK(s->open_count == 0); /* nobody is at work any more */
}
