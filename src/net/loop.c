/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"
#include "base/check.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000LL
#define CONN_MEMORY_BYTES ((size_t)32 * 1024) /* the longest head, libmicrohttpd's notes, our headers */
#define BODY_BYTES_PER_SECOND 1024
#define EVENTS_MAX 256

void loop_wake(struct loop *l)
{
	uint64_t one = 1;
	ssize_t n = write(l->event_fd, &one, sizeof(one));

	CHECK(n == sizeof(one) || errno == EAGAIN);
}

bool address_text(const struct sockaddr *a, char out[46])
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)a;

	out[0] = '\0';
	if (a->sa_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, out, 46);
		return ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	}
	if (a->sa_family != AF_INET6)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, out, 46);
		return v6->sin6_addr.s6_addr[12] == 127;
	}
	inet_ntop(AF_INET6, &v6->sin6_addr, out, 46);
	return IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

static struct conn *conn_open(struct loop *l, struct MHD_Connection *m)
{
	struct conn *c = l->conn_pool;

	if (c)
		l->conn_pool = c->next;
	else
		c = malloc(sizeof(*c));
	CHECK(c != NULL);
	*c = (struct conn){ .loop = l, .next = l->conns, .since_ns = l->now_ns, .fresh = true };
	c->fd = MHD_get_connection_info(m, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	const struct sockaddr *address =
	        MHD_get_connection_info(m, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr;

	c->local = address_text(address, c->ip);
	peer_enter(&l->peers, address, &c->peer); /* the front has seen to it that there is room */
	if (l->conns)
		l->conns->previous = c;
	l->conns = c;
	return c;
}

static void conn_close(struct loop *l, struct conn *c)
{
	if (c->previous)
		c->previous->next = c->next;
	else
		l->conns = c->next;
	if (c->next)
		c->next->previous = c->previous;
	peer_leave(&l->peers, c->peer);
	c->next = l->conn_pool;
	l->conn_pool = c;
}

static void on_connection(void *loop, struct MHD_Connection *m, void **conn,
                          enum MHD_ConnectionNotificationCode what)
{
	struct loop *l = loop;
	bool opened = what == MHD_CONNECTION_NOTIFY_STARTED;

	if (opened) {
		*conn = conn_open(l, m);
	} else if (*conn) {
		conn_close(l, *conn);
		*conn = NULL;
	}
	l->busy = true;
	atomic_fetch_add_explicit(&l->connections, opened ? 1 : -1, memory_order_relaxed);
}

/* Paths and parameters are decoded by the router and the form reader. */
static size_t leave_escaped(void *arg, struct MHD_Connection *m, char *text)
{
	(void)arg;
	(void)m;
	return strlen(text);
}

/* libmicrohttpd complains about clients; they get an answer, the log gets nothing. */
static void stay_silent(void *arg, const char *fmt, va_list args)
{
	(void)arg;
	(void)fmt;
	(void)args;
}

bool loop_is_crowded(const struct loop *l)
{
	return atomic_load_explicit(&l->connections,
	                            memory_order_relaxed) * 4 > l->connections_max * 3;
}

/* How long the connection may stay as it is, given what it does. */
static int64_t patience_ns(const struct conn *c)
{
	const struct server_config *config = c->loop->config;
	const struct request *x = c->request;
	int64_t seconds = config->idle_seconds;

	if (c->fresh || (x && x->stage == STAGE_HEAD))
		seconds = config->head_seconds;
	if ((!x || x->stage == STAGE_HEAD) && loop_is_crowded(c->loop))
		seconds = CROWDED_SECONDS;
	if (x && x->stage == STAGE_BODY)
		seconds = config->head_seconds + (int64_t)x->body.n / BODY_BYTES_PER_SECOND;
	else if (x && x->stage == STAGE_SENDING)
		seconds += (int64_t)(x->r.body.n + x->r.static_size) / BODY_BYTES_PER_SECOND;
	return seconds * NS_PER_SECOND;
}

static bool is_due(const struct loop *l, const struct conn *c, bool cut_all)
{
	const struct request *x = c->request;

	if (x && (x->stage == STAGE_TAKEN || x->stage == STAGE_ANSWERED))
		return false;
	return cut_all || (l->stopping && !x) || l->now_ns - c->since_ns > patience_ns(c);
}

/* Cut connections that take too long; libmicrohttpd then notices and closes them. */
static void sweep(struct loop *l)
{
	int64_t stop_at_ns = atomic_load(&l->stop_at_ns);
	bool cut_all = stop_at_ns && l->now_ns > stop_at_ns;

	l->swept_ns = l->now_ns;
	for (struct conn *c = l->conns; c; c = c->next) {
		if (is_due(l, c, cut_all))
			shutdown(c->fd, SHUT_RDWR);
	}
	front_sweep(l, cut_all);
}

static void resume_answered(struct loop *l)
{
	struct request *x = atomic_exchange_explicit(&l->answered, NULL, memory_order_acquire);

	while (x) {
		struct request *next = x->next;

		x->stage = STAGE_ANSWERED;
		l->taken--;
		MHD_resume_connection(x->mhd);
		l->busy = true;
		x = next;
	}
}

static void drain_event(struct loop *l)
{
	uint64_t drained;
	ssize_t n = read(l->event_fd, &drained, sizeof(drained));

	CHECK(n == sizeof(drained) || errno == EAGAIN);
}

/* Wait until something happens; serve the front. */
static void wait_and_serve(struct loop *l)
{
	struct epoll_event events[EVENTS_MAX];
	int timeout_ms = l->busy ? 0 : l->stopping ? 20 : 1000;
	int n = epoll_wait(l->epoll_fd, events, EVENTS_MAX, timeout_ms);

	l->now_ns = clock_mono_ns();
	for (int i = 0; i < n; i++) {
		void *what = events[i].data.ptr;

		if (what == &l->event_fd)
			drain_event(l);
		else if (what == &l->mhd_fd)
			l->busy = true;
		else if (what == &l->front)
			front_accept(l);
		else
			front_serve(l, what);
	}
	front_send(l);
}

/* libmicrohttpd may still have something to do without being told by its descriptor. */
static bool is_pending(struct loop *l)
{
	MHD_UNSIGNED_LONG_LONG soon_ms;

	return MHD_get_timeout(l->daemon, &soon_ms) == MHD_YES && soon_ms == 0;
}

static void *loop_run(void *arg)
{
	struct loop *l = arg;

	while (!l->stopping || l->conns || l->front.guests || l->taken) {
		wait_and_serve(l);
		if (!l->stopping && atomic_load(&l->stop_at_ns)) {
			l->stopping = true;
			l->swept_ns = 0;
			front_close(l);
		}
		resume_answered(l);
		if (l->busy) {
			MHD_run(l->daemon);
			l->busy = is_pending(l);
		}
		if (l->now_ns - l->swept_ns > (l->stopping ? NS_PER_SECOND / 50 : NS_PER_SECOND))
			sweep(l);
		front_listen(l);
	}
	return NULL;
}

static struct MHD_Daemon *daemon_new(struct loop *l)
{
	return MHD_start_daemon(
	        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET
	                | MHD_USE_ERROR_LOG,
	        0, NULL, NULL, exchange_step, l,
	        MHD_OPTION_EXTERNAL_LOGGER, stay_silent, NULL,
	        MHD_OPTION_CONNECTION_LIMIT, (unsigned)l->connections_max + 1,
	        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONN_MEMORY_BYTES,
	        MHD_OPTION_CONNECTION_TIMEOUT, 0u,
	        MHD_OPTION_NOTIFY_CONNECTION, on_connection, l,
	        MHD_OPTION_URI_LOG_CALLBACK, exchange_line, l,
	        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	        MHD_OPTION_NOTIFY_COMPLETED, exchange_done, l,
	        MHD_OPTION_END);
}

static void watch(struct loop *l, int fd, void *as)
{
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = as };

	CHECK(epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0);
}

bool loop_start(struct loop *l, const struct server_config *config, int listen_fd)
{
	*l = (struct loop){ .config = config };
	l->connections_max = config->connections_max / config->loops + 1;
	l->peers.each_max = config->address_max / config->loops + 1;
	l->now_ns = clock_mono_ns();
	l->daemon = daemon_new(l);
	if (!l->daemon)
		return false;
	l->mhd_fd = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
	l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	l->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	CHECK(l->epoll_fd >= 0 && l->event_fd >= 0);
	watch(l, l->mhd_fd, &l->mhd_fd);
	watch(l, l->event_fd, &l->event_fd);
	front_start(l, listen_fd);
	CHECK(pthread_create(&l->thread, NULL, loop_run, l) == 0);
	pthread_setname_np(l->thread, "loop");
	return true;
}

void loop_join(struct loop *l)
{
	CHECK(pthread_join(l->thread, NULL) == 0);
	while (atomic_load_explicit(&l->answering, memory_order_acquire) > 0)
		sched_yield();
	MHD_stop_daemon(l->daemon);
	close(l->event_fd);
	close(l->epoll_fd);
	front_release(l);
	while (l->request_pool) {
		struct request *x = l->request_pool;

		l->request_pool = x->next;
		arena_release(&x->arena);
		free(x);
	}
	while (l->conn_pool) {
		struct conn *c = l->conn_pool;

		l->conn_pool = c->next;
		free(c);
	}
}
