/* SPDX-License-Identifier: Apache-2.0 */
#include "net/server.h"
#include "net/loop.h"
#include "unit.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* A server that answers /now on its loop and everything else from another thread. */
struct fixture {
	struct server *server;
	struct sockaddr_in address;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct req *waiting[4096];
	struct res *answers[4096];
	size_t count;
	bool hold, end;
};

static void describe(const struct req *q, struct res *r)
{
	buf_init(&r->body, r->arena);
	r->status = 200;
	r->content_type = STR("text/plain");
	buf_printf(&r->body, "%s %.*s from %.*s at %.*s%s, body %zu", method_name(q->method),
	           STR_ARG(q->path), STR_ARG(q->remote_ip), STR_ARG(q->host),
	           q->https ? " (https)" : "", q->body.n);
	for (size_t i = 0; i < q->query.count; i++)
		buf_printf(&r->body, ", %.*s=%.*s", STR_ARG(q->query.fields[i].name),
		           STR_ARG(q->query.fields[i].value));
	if (q->body.n < 100)
		buf_printf(&r->body, " [%.*s]", STR_ARG(q->body));
}

static bool on_request(void *arg, struct req *q, struct res *r)
{
	struct fixture *f = arg;

	if (str_is(q->path, "/now")) {
		r->bare = true;
		res_redirect(r, 302, STR("https://shop.example/"));
		return true;
	}
	pthread_mutex_lock(&f->lock);
	f->waiting[f->count] = q;
	f->answers[f->count++] = r;
	pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
	return false;
}

static void *worker(void *arg)
{
	struct fixture *f = arg;

	pthread_mutex_lock(&f->lock);
	while (!f->end || f->count) {
		if (f->count == 0 || f->hold) {
			pthread_cond_wait(&f->more, &f->lock);
			continue;
		}
		f->count--;
		struct req *q = f->waiting[f->count];
		struct res *r = f->answers[f->count];

		pthread_mutex_unlock(&f->lock);
		describe(q, r);
		server_answer(q, r);
		pthread_mutex_lock(&f->lock);
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

static struct fixture *start(struct ctx *c, struct server_config config)
{
	struct fixture *f = ARENA_NEW(c->arena, struct fixture);

	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->more, NULL);
	config.listen = STR("127.0.0.1:0");
	config.loops = 2;
	config.on_request = on_request;
	config.arg = f;
	f->server = server_start(c, &config);
	OK(f->server != NULL);

	int64_t port = 0;

	OK(str_to_int(str_slice(server_address(f->server), 10, 9), &port));
	f->address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	f->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	OK(pthread_create(&f->thread, NULL, worker, f) == 0);
	return f;
}

static void set_hold(struct fixture *f, bool hold, bool end)
{
	pthread_mutex_lock(&f->lock);
	f->hold = hold;
	f->end = end;
	pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
}

static void stop(struct fixture *f)
{
	server_stop(f->server, 5);
	set_hold(f, false, true);
	pthread_join(f->thread, NULL);
}

static int dial(const struct fixture *f)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)(const void *)&f->address,
	                      sizeof(f->address)) != 0)
		FAIL("cannot connect");
	return fd;
}

static void say(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server may have hung up already */
		text = str_slice(text, (size_t)n, text.n);
	}
}

/* What comes until the peer closes, or `enough` answers are there, or 5 s pass. */
static struct str hear(struct ctx *c, int fd, int enough)
{
	struct buf b;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	buf_init(&b, c->arena);
	while (poll(&p, 1, 5000) > 0) {
		ssize_t n = recv(fd, buf_room(&b, 4096), 4096, 0);

		if (n <= 0)
			break;
		b.n += (size_t)n;
		b.p[b.n] = '\0';

		int answers = 0;

		for (const char *at = b.p; (at = strstr(at, "Content-Length: ")) != NULL; at++) {
			const char *end = strstr(at, "\r\n\r\n");
			long length = strtol(at + 16, NULL, 10);

			answers += end && end + 4 + length <= b.p + b.n;
		}
		if (enough && answers >= enough)
			break;
	}
	return buf_text(&b);
}

static struct str ask(struct ctx *c, const struct fixture *f, struct str text)
{
	int fd = dial(f);

	say(fd, text);
	struct str answer = hear(c, fd, 1);

	close(fd);
	return answer;
}

static bool has(struct str text, const char *part)
{
	return text.n && strstr(text.p, part) != NULL;
}

static int status_of(struct str answer)
{
	return answer.n > 12 ? (int)strtol(answer.p + 9, NULL, 10) : 0;
}

TEST(a_request_arrives_whole_and_its_answer_carries_the_safety_headers)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	struct str a = ask(c, f, STR("POST /a%20b?x=1&y=%C3%A9 HTTP/1.1\r\nHost: acme.example:81\r\n"
	                             "X-Forwarded-For: 1.2.3.4\r\nContent-Length: 5\r\n\r\nhello"));

	EQ(status_of(a), 200);
	OK(has(a, "POST /a%20b from 127.0.0.1 at acme.example:81, body 5, x=1, y=\xc3\xa9 [hello]"));
	OK(has(a, "Request-Id: req_"));
	OK(has(a, "Content-Type: text/plain\r\n"));
	OK(has(a, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
	OK(has(a, "X-Content-Type-Options: nosniff\r\n"));
	OK(has(a, "Referrer-Policy: strict-origin-when-cross-origin\r\n"));
	OK(has(a, "Cross-Origin-Opener-Policy: same-origin\r\n"));
	OK(has(a, "Cross-Origin-Resource-Policy: same-origin\r\n"));
	OK(has(a, "Cache-Control: no-store\r\n"));
	OK(!has(a, "Strict-Transport-Security"));
	stop(f);
}

TEST(a_bare_redirect_carries_only_what_a_redirect_needs)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	struct str a = ask(c, f, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));

	EQ(status_of(a), 302);
	OK(has(a, "Location: https://shop.example/\r\n"));
	OK(has(a, "Request-Id: req_"));
	OK(!has(a, "Content-Security-Policy"));
	stop(f);
}

TEST(a_trusted_proxy_says_who_asks_and_how)
{
	struct fixture *f = start(c, (struct server_config){ .trust_proxy = true });
	struct str a = ask(c, f, STR("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
	                             "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n\r\n"));

	OK(has(a, "from 1.2.3.4 at a (https)"));
	OK(has(a, "Strict-Transport-Security: max-age="));
	a = ask(c, f, STR("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: <script>\r\n\r\n"));
	OK(has(a, "from 127.0.0.1 at a,"));
	stop(f);
}

TEST(one_connection_carries_many_requests_even_sent_at_once)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	int fd = dial(f);

	say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\n"
	            "Content-Length: 3\r\n\r\nabcGET /now HTTP/1.1\r\nHost: a\r\n\r\n"
	            "HEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct str a = hear(c, fd, 3);

	OK(has(a, "GET /1 "));
	OK(has(a, "POST /2 "));
	OK(has(a, "[abc]"));
	OK(has(a, "302 Found"));
	close(fd);
	stop(f);
}

TEST(a_chunked_body_is_put_together_and_ends_the_connection)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	int fd = dial(f);

	say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	            "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"));
	struct str a = hear(c, fd, 0);

	OK(has(a, "[abcdefg]"));
	OK(has(a, "Connection: close"));
	close(fd);
	stop(f);
}

static const struct {
	int status;       /* 0: closed without an answer is fine too */
	const char *why;
	struct str text;
} refused[] = {
	{ 400, "length and coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") },
	{ 400, "two lengths", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Content-Length: 6\r\n\r\nhello!") },
	{ 400, "the same length twice", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n"
	  "Content-Length: 5\r\n\r\nhello") },
	{ 400, "a list of lengths", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\n"
	  "hello") },
	{ 400, "a signed length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"
	  "hello") },
	{ 400, "a negative length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n") },
	{ 400, "a hexadecimal length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\n"
	  "hello") },
	{ 400, "an empty length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n") },
	{ 0, "an enormous length", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length: 99999999999999999999999\r\n\r\n") },
	{ 501, "another coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n") },
	{ 501, "a hidden coding", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n") },
	{ 400, "two codings", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n"
	  "Transfer-Encoding: identity\r\n\r\n0\r\n\r\n") },
	{ 400, "a coding in HTTP/1.0", STR_INIT("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
	  "0\r\n\r\n") },
	{ 400, "a folded header", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n") },
	{ 400, "a header folded by a tab", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\tc\r\n\r\n") },
	{ 400, "a folded first header", STR_INIT("GET / HTTP/1.1\r\n Host: a\r\n\r\n") },
	{ 400, "a blank before the colon", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A : b\r\n\r\n") },
	{ 400, "a length with a blank before the colon", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length : 5\r\n\r\nhello") },
	{ 400, "a header without a name", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n") },
	{ 400, "a header without a colon", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nnonsense\r\n\r\n") },
	{ 400, "a name that is no token", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX(A): b\r\n\r\n") },
	{ 400, "a NUL in a value", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0c\r\n\r\n") },
	{ 400, "a NUL in a name", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-\0A: b\r\n\r\n") },
	{ 400, "a NUL at the end of a value", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\0\r\n\r\n") },
	{ 400, "a CR in a value", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n") },
	{ 400, "a control character", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\x01\r\n\r\n") },
	{ 400, "a header line without CR", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nX-A: b\nX-B: c\r\n\r\n") },
	{ 400, "a request line without CR", STR_INIT("GET / HTTP/1.1\nHost: a\r\n\r\n") },
	{ 400, "an empty line without CR", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\n\n") },
	{ 400, "NULs at the end", STR_INIT("GET / HTTP/1.1\r\nHost: a\0\0\r\n\r\n") },
	{ 400, "no host", STR_INIT("GET / HTTP/1.1\r\n\r\n") },
	{ 400, "two hosts", STR_INIT("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n") },
	{ 400, "an empty host", STR_INIT("GET / HTTP/1.1\r\nHost:\r\n\r\n") },
	{ 400, "a host with a path", STR_INIT("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n") },
	{ 400, "a host with a user", STR_INIT("GET / HTTP/1.1\r\nHost: u@a\r\n\r\n") },
	{ 400, "another host in the target", STR_INIT("GET http://b/x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "two blanks in the request line", STR_INIT("GET  / HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "two blanks before the version", STR_INIT("GET /  HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a blank in the target", STR_INIT("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a blank after the version", STR_INIT("GET / HTTP/1.1 \r\nHost: a\r\n\r\n") },
	{ 400, "a target without a slash", STR_INIT("GET x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a fragment", STR_INIT("GET /#x HTTP/1.1\r\nHost: a\r\n\r\n") },
	{ 400, "a tunnel", STR_INIT("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n") },
	{ 0, "no version", STR_INIT("GET /\r\nHost: a\r\n\r\n") },
	{ 0, "version 1.2", STR_INIT("GET / HTTP/1.2\r\nHost: a\r\n\r\n") },
	{ 0, "version 2", STR_INIT("GET / HTTP/2.0\r\nHost: a\r\n\r\n") },
	{ 0, "a version in lower case", STR_INIT("GET / http/1.1\r\nHost: a\r\n\r\n") },
	{ 0, "nonsense", STR_INIT("\x16\x03\x01\x02\x00\x01\x00\r\n\r\n") },
	{ 417, "an expectation", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\nExpect: gold\r\n"
	  "Content-Length: 1\r\n\r\n1") },
	{ 413, "a body over the limit", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Content-Length: 1048577\r\n\r\n") },
	{ 400, "a chunk with a bad size", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n0_2e\r\nabc\r\n0\r\n\r\n") },
	{ 400, "a chunk longer than it says", STR_INIT("POST / HTTP/1.1\r\nHost: a\r\n"
	  "Transfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n") },
};

TEST(what_is_not_exactly_http_is_refused_and_the_connection_closed)
{
	struct fixture *f = start(c, (struct server_config){ 0 });

	for (size_t i = 0; i < LEN(refused); i++) {
		int fd = dial(f);

		say(fd, refused[i].text);
		say(fd, STR("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"));
		struct str a = hear(c, fd, 0);
		bool fine = refused[i].status ? status_of(a) == refused[i].status
		                              : status_of(a) == 0 || status_of(a) >= 400;

		if (!fine)
			FAIL("%s: %d instead of %d", refused[i].why, status_of(a), refused[i].status);
		if (has(a, "/smuggled"))
			FAIL("%s: the next request was answered", refused[i].why);
		close(fd);
	}
	stop(f);
}

TEST(parameters_that_cannot_be_decoded_are_refused)
{
	struct fixture *f = start(c, (struct server_config){ 0 });

	EQ(status_of(ask(c, f, STR("GET /x?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n"))), 400);
	EQ(status_of(ask(c, f, STR("GET /x?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n"))), 400);
	stop(f);
}

/* "GET / HTTP/1.1", Host, and headers of `bytes` bytes in all, sent in pieces. */
static struct str with_headers(struct ctx *c, const struct fixture *f, size_t count, size_t bytes)
{
	struct buf b;
	int fd = dial(f);

	buf_init(&b, c->arena);
	buf_puts(&b, "GET /x HTTP/1.1\r\nHost: a\r\n");
	for (size_t i = 0; i < count; i++) {
		buf_printf(&b, "X-%zu: ", i);
		memset(buf_room(&b, bytes / count), 'v', bytes / count);
		b.n += bytes / count;
		buf_puts(&b, "\r\n");
	}
	buf_puts(&b, "\r\n");

	struct str text = buf_text(&b);

	for (size_t at = 0; at < text.n; at += 3000) {
		say(fd, str_slice(text, at, 3000));
		usleep(1000);
	}
	text = hear(c, fd, 1);
	close(fd);
	return text;
}

TEST(large_heads_are_read_up_to_their_limits)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	char *slug = arena_alloc(c->arena, 20000);

	EQ(status_of(with_headers(c, f, 3, 15000)), 200);
	EQ(status_of(with_headers(c, f, 99, 14000)), 200);
	EQ(status_of(with_headers(c, f, 3, 17000)), 431);
	EQ(status_of(with_headers(c, f, 3, 40000)), 431);
	EQ(status_of(with_headers(c, f, 101, 1010)), 431);
	memset(slug, 's', 20000);
	EQ(status_of(ask(c, f, arena_printf(c->arena, "GET /%.8100s HTTP/1.1\r\nHost: a\r\n\r\n", slug))),
	   200);
	EQ(status_of(ask(c, f, arena_printf(c->arena, "GET /%.8192s HTTP/1.1\r\nHost: a\r\n\r\n", slug))),
	   414);
	stop(f);
}

TEST(a_body_may_be_as_large_as_the_limit_and_not_larger)
{
	struct fixture *f = start(c, (struct server_config){ .body_max_bytes = 100000 });
	char *body = arena_alloc(c->arena, 200000);
	int fd = dial(f);

	memset(body, 'b', 200000);
	say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"));
	say(fd, (struct str){ body, 100000 });
	OK(has(hear(c, fd, 1), "body 100000"));
	close(fd);

	fd = dial(f);
	say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n"));
	say(fd, (struct str){ body, 100001 });
	say(fd, STR("\r\n0\r\n\r\n"));
	EQ(status_of(hear(c, fd, 1)), 413);
	close(fd);
	stop(f);
}

TEST(slow_senders_are_cut_off)
{
	struct fixture *f = start(c, (struct server_config){ .head_seconds = 1, .idle_seconds = 1 });
	int silent = dial(f), half = dial(f), body = dial(f), idle = dial(f);

	say(half, STR("GET / HTTP/1.1\r\nHost"));
	say(body, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"));
	say(idle, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
	EQ(hear(c, silent, 0).n, 0);
	EQ(hear(c, half, 0).n, 0);
	EQ(hear(c, body, 0).n, 0);
	EQ(status_of(hear(c, idle, 0)), 302);
	close(silent);
	close(half);
	close(body);
	close(idle);
	stop(f);
}

TEST(more_than_128_waiting_connections_are_all_answered)
{
	enum { MANY = 600 };
	struct fixture *f = start(c, (struct server_config){ 0 });
	int fds[MANY];

	for (int round = 0; round < 3; round++) {
		set_hold(f, true, false);
		for (int i = 0; i < MANY; i++) {
			fds[i] = round ? fds[i] : dial(f);
			say(fds[i], STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
		}
		usleep(50000);
		set_hold(f, false, false);
		for (int i = 0; i < MANY; i++)
			EQ(status_of(hear(c, fds[i], 1)), 200);
	}
	EQ(server_stats(f->server).connections, MANY);
	EQ(server_stats(f->server).requests, 3 * MANY);
	EQ(server_stats(f->server).answers_by_class[2], 3 * MANY);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	stop(f);
}

static void *stop_now(void *arg)
{
	struct fixture *f = arg;

	server_stop(f->server, 5);
	return NULL;
}

TEST(a_server_that_stops_finishes_what_it_has_begun)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	int busy = dial(f), idle = dial(f);
	pthread_t stopping;

	set_hold(f, true, false);
	say(idle, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
	EQ(status_of(hear(c, idle, 1)), 302);
	say(busy, STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	OK(pthread_create(&stopping, NULL, stop_now, f) == 0);
	EQ(hear(c, idle, 0).n, 0);
	set_hold(f, false, false);
	struct str a = hear(c, busy, 0);

	EQ(status_of(a), 200);
	OK(has(a, "Connection: close"));
	pthread_join(stopping, NULL);
	EQ(connect(busy, (const struct sockaddr *)(const void *)&f->address, sizeof(f->address)), -1);
	close(busy);
	close(idle);
	set_hold(f, false, true);
	pthread_join(f->thread, NULL);
}

TEST(an_answer_to_a_client_that_has_left_is_dropped)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	int gone = dial(f);

	set_hold(f, true, false);
	say(gone, STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	close(gone);
	usleep(50000);
	set_hold(f, false, false);
	EQ(status_of(ask(c, f, STR("GET /y HTTP/1.1\r\nHost: a\r\n\r\n"))), 200);
	stop(f);
}

TEST(an_address_that_is_taken_or_is_none_is_refused)
{
	struct fixture *f = start(c, (struct server_config){ 0 });
	struct server_config config = { .on_request = on_request, .listen = server_address(f->server) };

	FAILS(server_start(c, &config) != NULL, ERR_CONFLICT, "listen");
	config.listen = STR("127.0.0.1");
	FAILS(server_start(c, &config) != NULL, ERR_INVALID, "listen");
	config.listen = STR("nowhere.invalid:80");
	FAILS(server_start(c, &config) != NULL, ERR_INVALID, "listen");
	stop(f);
}
