/* SPDX-License-Identifier: Apache-2.0 */
#include "net/loop.h"
#include "base/check.h"
#include "base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define NS_PER_SECOND 1000000000LL
#define CONN_MEMORY_BYTES ((size_t)32 * 1024) /* the longest head, libmicrohttpd's notes, our headers */
#define BODY_BYTES_PER_SECOND 1024

void loop_wake(struct loop *l)
{
	uint64_t one = 1;
	ssize_t n = write(l->event_fd, &one, sizeof(one));

	CHECK(n == sizeof(one) || errno == EAGAIN);
}

static void address_text(struct conn *c, const struct sockaddr *a)
{
	const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)a;
	const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)a;

	c->ip[0] = '\0';
	c->local = false;
	if (a->sa_family == AF_INET) {
		inet_ntop(AF_INET, &v4->sin_addr, c->ip, sizeof(c->ip));
		c->local = ntohl(v4->sin_addr.s_addr) >> 24 == 127;
	} else if (a->sa_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
		inet_ntop(AF_INET, v6->sin6_addr.s6_addr + 12, c->ip, sizeof(c->ip));
		c->local = v6->sin6_addr.s6_addr[12] == 127;
	} else if (a->sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &v6->sin6_addr, c->ip, sizeof(c->ip));
		c->local = IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
	}
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
	address_text(c, MHD_get_connection_info(m, MHD_CONNECTION_INFO_CLIENT_ADDRESS)->client_addr);
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

/* How long the connection may stay as it is, given what it does. */
static int64_t patience_ns(const struct conn *c)
{
	const struct server_config *config = c->loop->config;
	const struct request *x = c->request;
	int64_t seconds = config->idle_seconds;

	if (c->fresh || (x && x->stage == STAGE_HEAD))
		seconds = config->head_seconds;
	else if (x && x->stage == STAGE_BODY)
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

static void wait_for_work(struct loop *l, int epoll_fd)
{
	struct pollfd fds[] = {
		{ .fd = epoll_fd, .events = POLLIN },
		{ .fd = l->event_fd, .events = POLLIN },
	};
	MHD_UNSIGNED_LONG_LONG soon_ms;
	int timeout_ms = l->stopping ? 20 : 1000;
	uint64_t drained;

	if (MHD_get_timeout(l->daemon, &soon_ms) == MHD_YES && soon_ms < (unsigned)timeout_ms)
		timeout_ms = (int)soon_ms;
	if (poll(fds, LEN(fds), timeout_ms) > 0 && fds[1].revents) {
		ssize_t n = read(l->event_fd, &drained, sizeof(drained));

		CHECK(n == sizeof(drained) || errno == EAGAIN);
	}
}

static void stop_listening(struct loop *l)
{
	MHD_socket fd = MHD_quiesce_daemon(l->daemon);

	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	l->stopping = true;
	l->swept_ns = 0;
}

static void *loop_run(void *arg)
{
	struct loop *l = arg;
	int epoll_fd = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

	while (!l->stopping || l->conns || l->taken) {
		/* After a busy round there is mostly more to do: ask libmicrohttpd at once. */
		if (!l->busy)
			wait_for_work(l, epoll_fd);
		l->busy = false;
		l->now_ns = clock_mono_ns();
		if (!l->stopping && atomic_load(&l->stop_at_ns))
			stop_listening(l);
		resume_answered(l);
		MHD_run(l->daemon);
		if (l->now_ns - l->swept_ns > (l->stopping ? NS_PER_SECOND / 50 : NS_PER_SECOND))
			sweep(l);
	}
	return NULL;
}

static struct MHD_Daemon *daemon_new(struct loop *l)
{
	const struct server_config *config = l->config;
	int loops = config->loops > 0 ? config->loops : 1;

	return MHD_start_daemon(
	        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
	        exchange_step, l,
	        MHD_OPTION_EXTERNAL_LOGGER, stay_silent, NULL,
	        MHD_OPTION_LISTEN_SOCKET, l->listen_fd,
	        MHD_OPTION_CONNECTION_LIMIT, (unsigned)(config->connections_max / loops + 1),
	        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONN_MEMORY_BYTES,
	        MHD_OPTION_CONNECTION_TIMEOUT, 0u,
	        MHD_OPTION_NOTIFY_CONNECTION, on_connection, l,
	        MHD_OPTION_URI_LOG_CALLBACK, exchange_line, l,
	        MHD_OPTION_UNESCAPE_CALLBACK, leave_escaped, NULL,
	        MHD_OPTION_NOTIFY_COMPLETED, exchange_done, l,
	        MHD_OPTION_END);
}

bool loop_start(struct loop *l, const struct server_config *config, int listen_fd)
{
	*l = (struct loop){ .config = config, .listen_fd = listen_fd };
	l->now_ns = clock_mono_ns();
	l->event_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	CHECK(l->event_fd >= 0);
	l->daemon = daemon_new(l);
	if (!l->daemon) {
		close(l->event_fd);
		return false;
	}
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
