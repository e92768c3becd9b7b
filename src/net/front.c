/* SPDX-License-Identifier: Apache-2.0 */
#include "net/front.h"
#include "base/check.h"
#include "base/clock.h"
#include "net/loop.h"
#include "net/reply.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define ACCEPTS_AT_ONCE 64
#define FRONT_HEADERS_MAX 64
/* Bytes of served requests left in the socket, see front_serve; less if each look passes them. */
#define STALE_MAX 2000
#define STALE_SEEN_MAX 300
#define ANSWER_USUAL_BYTES 500
#define ANSWER_WAITS_BYTES 4096 /* a longer one is sent at once */
#define DATE_NS 50000000LL
#define PAUSE_NS 100000000LL /* when the system has no descriptors left */

/* A connection that has asked for nothing but redirects so far. */
struct guest {
	struct guest *next, *previous;
	int fd;
	int64_t since_ns;          /* when it was opened or last asked */
	size_t stale;              /* bytes at the front of the socket that are served already */
	bool fresh;
	bool local;
	struct peer *peer;
	char ip[46];
	struct buf answer;         /* to be sent, in the front's arena */
	char *rest;                /* of an answer that did not fit into the socket; or NULL */
	size_t rest_size, rest_sent;
	struct sockaddr_storage address;
	socklen_t address_size;
};

static void listen_on(struct loop *l, bool on)
{
	struct front *f = &l->front;
	struct epoll_event e = { .events = EPOLLIN, .data.ptr = f };

	if (f->listen_fd < 0 || f->listening == on)
		return;
	CHECK(epoll_ctl(l->epoll_fd, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, f->listen_fd, &e) == 0);
	f->listening = on;
}

/*
 * Have each look at a connection begin where the last one ended, as far as the system can do that
 * with TCP: Linux from 6.9 on. Connections get it from the socket that accepts them.
 */
static bool peek_on(int listen_fd)
{
	int from = 0, said = -1;
	socklen_t n = sizeof(said);

	return setsockopt(listen_fd, SOL_SOCKET, SO_PEEK_OFF, &from, sizeof(from)) == 0
	       && getsockopt(listen_fd, SOL_SOCKET, SO_PEEK_OFF, &said, &n) == 0 && said == from;
}

void front_start(struct loop *l, int listen_fd)
{
	int on = 1;

	l->front = (struct front){ .listen_fd = listen_fd, .date_ns = -DATE_NS };
	l->front.peeks_on = !l->config->peek_all && peek_on(listen_fd);
	arena_init(&l->front.arena);
	setsockopt(listen_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* for those it accepts */
	listen_on(l, true);
}

void front_close(struct loop *l)
{
	listen_on(l, false);
	if (l->front.listen_fd >= 0)
		close(l->front.listen_fd);
	l->front.listen_fd = -1;
}

static struct guest *guest_new(struct loop *l)
{
	struct front *f = &l->front;
	struct guest *g = f->pool;

	if (g)
		f->pool = g->next;
	else
		g = malloc(sizeof(*g));
	CHECK(g != NULL);
	*g = (struct guest){ .next = f->guests, .since_ns = l->now_ns, .fresh = true };
	if (f->guests)
		f->guests->previous = g;
	f->guests = g;
	f->count++;
	atomic_fetch_add_explicit(&l->connections, 1, memory_order_relaxed);
	return g;
}

/* Forget a guest; its socket is somebody else's from here on. */
static void guest_free(struct loop *l, struct guest *g)
{
	struct front *f = &l->front;

	if (g->previous)
		g->previous->next = g->next;
	else
		f->guests = g->next;
	if (g->next)
		g->next->previous = g->previous;
	peer_leave(&l->peers, g->peer);
	g->next = f->pool;
	f->pool = g;
	f->count--;
	atomic_fetch_add_explicit(&l->connections, -1, memory_order_relaxed);
}

/* Take what is served out of the socket; MSG_TRUNC throws bytes away without copying them. */
static bool drop_stale(struct guest *g)
{
	ssize_t n = g->stale > 0 ? recv(g->fd, NULL, g->stale, MSG_TRUNC) : 0;
	bool ok = n == (ssize_t)g->stale;

	g->stale = 0;
	return ok;
}

/* What is left in the socket would make close() reset the connection under the last answer. */
static void guest_close(struct loop *l, struct guest *g)
{
	drop_stale(g);
	close(g->fd);
	free(g->rest);
	guest_free(l, g);
}

/* To libmicrohttpd, which closes the socket itself when it has no room. */
static void hand_over(struct loop *l, struct guest *g)
{
	struct guest copy = *g;

	epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, g->fd, NULL);
	guest_free(l, g);
	l->busy = true;
	MHD_add_connection(l->daemon, copy.fd, (const struct sockaddr *)&copy.address,
	                   copy.address_size);
}

static bool has_room(const struct loop *l)
{
	return atomic_load_explicit(&l->connections, memory_order_relaxed) < l->connections_max;
}

static bool accept_one(struct loop *l)
{
	struct sockaddr_storage address = { 0 };
	socklen_t size = sizeof(address);
	struct sockaddr *at = (struct sockaddr *)&address;
	int fd = accept4(l->front.listen_fd, at, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			l->front.again_ns = l->now_ns + PAUSE_NS;
		return errno == EINTR || errno == ECONNABORTED;
	}
	struct peer *peer;

	if (!peer_enter(&l->peers, at, &peer)) {
		close(fd);
		return true;
	}
	if (!l->config->is_fast) {
		peer_leave(&l->peers, peer);
		l->busy = true;
		MHD_add_connection(l->daemon, fd, at, size);
		return true;
	}
	struct guest *g = guest_new(l);
	struct epoll_event e = { .events = EPOLLIN | EPOLLET, .data.ptr = g };

	g->fd = fd;
	g->peer = peer;
	g->address = address;
	g->address_size = size;
	g->local = address_text(at, g->ip);
	CHECK(epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, fd, &e) == 0);
	return true;
}

void front_accept(struct loop *l)
{
	for (int i = 0; i < ACCEPTS_AT_ONCE && has_room(l); i++) {
		if (!accept_one(l))
			return;
	}
}

void front_listen(struct loop *l)
{
	listen_on(l, !l->stopping && has_room(l) && l->now_ns >= l->front.again_ns);
}

/* The clock is read at most every 50 ms, so the second may come a little late. */
static struct str date_now(struct loop *l)
{
	struct front *f = &l->front;

	if (l->now_ns - f->date_ns > DATE_NS) {
		f->date_ns = l->now_ns;
		f->date_size = http_date(clock_real_ms(), f->date);
	}
	return (struct str){ f->date, f->date_size };
}

enum outcome { SERVED, FULL, NOT_OURS, BROKEN };

static void wait_for(struct loop *l, struct guest *g, unsigned what)
{
	struct epoll_event e = { .events = what | EPOLLET, .data.ptr = g };

	CHECK(epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, g->fd, &e) == 0);
}

/* Send the answers to a guest; keep what the socket does not take for when it does. */
static enum outcome answer_send(struct loop *l, struct guest *g)
{
	struct buf b = g->answer;
	ssize_t n = send(g->fd, b.p, b.n, MSG_NOSIGNAL);

	g->answer = (struct buf){ 0 };
	if (n == (ssize_t)b.n)
		return SERVED;
	if (n < 0 && errno != EAGAIN)
		return BROKEN;
	g->rest_sent = 0;
	g->rest_size = b.n - (n > 0 ? (size_t)n : 0);
	g->rest = malloc(g->rest_size);
	CHECK(g->rest != NULL);
	memcpy(g->rest, b.p + (b.n - g->rest_size), g->rest_size);
	wait_for(l, g, EPOLLOUT);
	return FULL;
}

void front_send(struct loop *l)
{
	struct front *f = &l->front;

	for (size_t i = 0; i < f->answered_count; i++) {
		if (answer_send(l, f->answered[i]) == BROKEN)
			guest_close(l, f->answered[i]);
	}
	f->answered_count = 0;
	arena_reset(&f->arena);
}

static enum outcome answer_put(struct loop *l, struct guest *g, struct request *x)
{
	if (!g->answer.p) {
		buf_init(&g->answer, &l->front.arena);
		buf_room(&g->answer, ANSWER_USUAL_BYTES);
	}
	reply_text(&g->answer, &x->q, &x->r, date_now(l));
	loop_count_answer(l, &x->r);
	if (g->answer.n <= ANSWER_WAITS_BYTES)
		return SERVED;

	enum outcome outcome = answer_send(l, g);

	front_send(l); /* empties the arena */
	return outcome;
}

static void send_rest(struct loop *l, struct guest *g)
{
	ssize_t n = send(g->fd, g->rest + g->rest_sent, g->rest_size - g->rest_sent, MSG_NOSIGNAL);

	if (n < 0 && errno != EAGAIN) {
		guest_close(l, g);
		return;
	}
	g->since_ns = l->now_ns;
	g->rest_sent += n > 0 ? (size_t)n : 0;
	if (g->rest_sent < g->rest_size)
		return;
	free(g->rest);
	g->rest = NULL;
	wait_for(l, g, EPOLLIN);
}

static enum outcome serve_one(struct loop *l, struct guest *g, struct request *x, struct str text,
                              size_t *out_used)
{
	const struct server_config *config = l->config;
	struct framing framing;
	struct head h;

	if (!strict_cut(text, x->headers, FRONT_HEADERS_MAX, &h) || strict_check(&h, &framing) != 0)
		return NOT_OURS;
	x->q.header_count = h.header_count;
	request_fill(x, &framing, h.method);
	if (!config->is_fast(config->arg, &x->q))
		return NOT_OURS;
	loop_count_request(l);
	if (request_decode(x))
		CHECK(config->on_request(config->arg, &x->q, &x->r));
	*out_used = h.size;
	return answer_put(l, g, x);
}

/* Serve the requests at the front of the text; *out_used bytes of it are done with. */
static enum outcome serve_all(struct loop *l, struct guest *g, struct str text, size_t *out_used)
{
	enum outcome outcome = SERVED;

	*out_used = 0;
	while (outcome == SERVED && *out_used < text.n) {
		struct request *x = request_take(l);
		size_t used = 0;

		x->ip = g->ip;
		x->local = g->local;
		outcome = serve_one(l, g, x, str_slice(text, *out_used, text.n), &used);
		*out_used += used;
		request_give(l, x);
	}
	return outcome;
}

/* What has arrived and is not served yet; its length, 0 at the end, or -1 if nothing has. */
static ssize_t look(struct loop *l, struct guest *g, struct str *out)
{
	char *head = l->front.head;
	ssize_t n = recv(g->fd, head, sizeof(l->front.head), MSG_PEEK);

	if (n > 0 && l->front.peeks_on) {
		*out = (struct str){ head, (size_t)n };
		return n;
	}
	if (n > 0 && g->stale > 0 && (size_t)n == g->stale) {
		if (!drop_stale(g))
			return 0;
		n = recv(g->fd, head, sizeof(l->front.head), MSG_PEEK);
	}
	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? -1 : 0;
	*out = (struct str){ head + g->stale, (size_t)n - g->stale };
	return (ssize_t)out->n;
}

/* Let the next look begin at what is not served; what is served has been taken. */
static void look_again(const struct loop *l, const struct guest *g)
{
	int from = 0;

	if (l->front.peeks_on)
		CHECK(setsockopt(g->fd, SOL_SOCKET, SO_PEEK_OFF, &from, sizeof(from)) == 0);
}

/* What follows when requests were served as far as they could be. */
static void settle(struct loop *l, struct guest *g, enum outcome outcome)
{
	if (outcome == NOT_OURS && g->answer.n > 0) {
		enum outcome sent = answer_send(l, g);

		outcome = sent == SERVED ? NOT_OURS : sent;
	}
	if (outcome == BROKEN)
		guest_close(l, g);
	else if (outcome == NOT_OURS)
		hand_over(l, g);
	else if (outcome == FULL)
		look_again(l, g);
	else if (g->answer.n > 0)
		l->front.answered[l->front.answered_count++] = g;
}

/* Serve what has arrived; true if there may be more than there was room to look at. */
static bool serve_once(struct loop *l, struct guest *g)
{
	size_t room = sizeof(l->front.head), stale_max = STALE_MAX, used;
	struct str text;
	ssize_t n = look(l, g, &text);

	if (n < 0)
		return false;
	if (n == 0) {
		guest_close(l, g);
		return false;
	}
	if (!l->front.peeks_on) {
		room -= g->stale;
		stale_max = STALE_SEEN_MAX;
	}
	enum outcome outcome = serve_all(l, g, text, &used);
	bool more = text.n == room && outcome == SERVED;

	g->since_ns = l->now_ns;
	g->fresh = false;
	g->stale += used;
	if ((more || outcome != SERVED || g->stale > stale_max) && !drop_stale(g))
		outcome = BROKEN;
	if (more && outcome == SERVED && g->answer.n > 0)
		outcome = answer_send(l, g);
	settle(l, g, outcome);
	return more && outcome == SERVED;
}

/*
 * The socket tells when something new arrives, not as long as something is there, and requests are
 * looked at without being taken: what is not for us must still be there for libmicrohttpd. So it
 * is enough to take those that were served now and then, several with one call.
 *
 * Answers wait until others that have asked at the same moment are served too: receivers are then
 * woken once for several of them, and the processor goes through the same code again and again.
 */
void front_serve(struct loop *l, struct guest *g)
{
	if (g->rest)
		send_rest(l, g);
	else
		while (serve_once(l, g))
			;
	if (l->front.answered_count == LEN(l->front.answered))
		front_send(l);
}

void front_sweep(struct loop *l, bool cut_all)
{
	const struct server_config *config = l->config;
	bool crowded = loop_is_crowded(l);
	struct guest *next;

	for (struct guest *g = l->front.guests; g; g = next) {
		int64_t seconds = crowded && !g->rest ? CROWDED_SECONDS
		                  : g->fresh          ? config->head_seconds
		                                      : config->idle_seconds;

		next = g->next;
		if (cut_all || (l->stopping && !g->rest)
		    || l->now_ns - g->since_ns > seconds * 1000000000LL)
			guest_close(l, g);
	}
}

void front_release(struct loop *l)
{
	CHECK(l->front.guests == NULL && l->front.answered_count == 0);
	arena_release(&l->front.arena);
	while (l->front.pool) {
		struct guest *g = l->front.pool;

		l->front.pool = g->next;
		free(g);
	}
}
