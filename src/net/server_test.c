/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fixture.h"

#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

TEST(a_request_arrives_whole_and_its_answer_carries_the_safety_headers)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	struct str a = web_ask(c, f, STR("POST /a%20b?x=1&y=%C3%A9 HTTP/1.1\r\nHost: acme.example:81\r\n"
	                             "X-Forwarded-For: 1.2.3.4\r\nContent-Length: 5\r\n\r\nhello"));

	EQ(web_status(a), 200);
	OK(web_has(a, "POST /a%20b from 127.0.0.1 at acme.example:81, body 5, x=1, y=\xc3\xa9 [hello]"));
	OK(web_has(a, "Request-Id: req_"));
	OK(web_has(a, "Content-Type: text/plain\r\n"));
	OK(web_has(a, "Content-Security-Policy: default-src 'none'; script-src 'self';"));
	OK(web_has(a, "X-Content-Type-Options: nosniff\r\n"));
	OK(web_has(a, "Referrer-Policy: strict-origin-when-cross-origin\r\n"));
	OK(web_has(a, "Cross-Origin-Opener-Policy: same-origin\r\n"));
	OK(web_has(a, "Cross-Origin-Resource-Policy: same-origin\r\n"));
	OK(web_has(a, "Cache-Control: no-store\r\n"));
	OK(!web_has(a, "Strict-Transport-Security"));
	web_stop(f);
}

TEST(a_bare_redirect_carries_only_what_a_redirect_needs)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	struct str a = web_ask(c, f, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));

	EQ(web_status(a), 302);
	OK(web_has(a, "Location: https://shop.example/\r\n"));
	OK(web_has(a, "Request-Id: req_"));
	OK(!web_has(a, "Content-Security-Policy"));
	web_stop(f);
}

TEST(a_trusted_proxy_says_who_asks_and_how)
{
	struct web *f = web_start(c, (struct server_config){ .trust_proxy = true });
	struct str a = web_ask(c, f, STR("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-Proto: https\r\n"
	                             "X-Forwarded-For: 6.6.6.6, 1.2.3.4\r\n\r\n"));

	OK(web_has(a, "from 1.2.3.4 at a (https)"));
	OK(web_has(a, "Strict-Transport-Security: max-age="));
	a = web_ask(c, f, STR("GET /x HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: <script>\r\n\r\n"));
	OK(web_has(a, "from 127.0.0.1 at a,"));
	web_stop(f);
}

TEST(one_connection_carries_many_requests_even_sent_at_once)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	int fd = web_dial(f);

	web_say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\n"
	            "Content-Length: 3\r\n\r\nabcGET /now HTTP/1.1\r\nHost: a\r\n\r\n"
	            "HEAD /4 HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct str a = web_hear(c, fd, 3);

	OK(web_has(a, "GET /1 "));
	OK(web_has(a, "POST /2 "));
	OK(web_has(a, "[abc]"));
	OK(web_has(a, "302 Found"));
	close(fd);
	web_stop(f);
}

TEST(a_chunked_body_is_put_together_and_ends_the_connection)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	int fd = web_dial(f);

	web_say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
	            "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"));
	struct str a = web_hear(c, fd, 0);

	OK(web_has(a, "[abcdefg]"));
	OK(web_has(a, "Connection: close"));
	close(fd);
	web_stop(f);
}

TEST(parameters_that_cannot_be_decoded_are_refused)
{
	struct web *f = web_start(c, (struct server_config){ 0 });

	EQ(web_status(web_ask(c, f, STR("GET /x?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n"))), 400);
	EQ(web_status(web_ask(c, f, STR("GET /x?a=%00 HTTP/1.1\r\nHost: a\r\n\r\n"))), 400);
	web_stop(f);
}

/* "GET / HTTP/1.1", Host, and headers of `bytes` bytes in all, sent in pieces. */
static struct str with_headers(struct ctx *c, const struct web *f, size_t count, size_t bytes)
{
	struct buf b;
	int fd = web_dial(f);

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
		web_say(fd, str_slice(text, at, 3000));
		usleep(1000);
	}
	text = web_hear(c, fd, 1);
	close(fd);
	return text;
}

TEST(large_heads_are_read_up_to_their_limits)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	char *slug = arena_alloc(c->arena, 20000);

	EQ(web_status(with_headers(c, f, 3, 15000)), 200);
	EQ(web_status(with_headers(c, f, 99, 14000)), 200);
	EQ(web_status(with_headers(c, f, 3, 17000)), 431);
	EQ(web_status(with_headers(c, f, 3, 40000)), 431);
	EQ(web_status(with_headers(c, f, 101, 1010)), 431);
	memset(slug, 's', 20000);
	struct str fits = arena_printf(c->arena, "GET /%.8100s HTTP/1.1\r\nHost: a\r\n\r\n", slug);
	struct str long_one = arena_printf(c->arena, "GET /%.8192s HTTP/1.1\r\nHost: a\r\n\r\n",
	                                   slug);

	EQ(web_status(web_ask(c, f, fits)), 200);
	EQ(web_status(web_ask(c, f, long_one)), 414);
	web_stop(f);
}

TEST(a_body_may_be_as_large_as_the_limit_and_not_larger)
{
	struct web *f = web_start(c, (struct server_config){ .body_max_bytes = 100000 });
	char *body = arena_alloc(c->arena, 200000);
	int fd = web_dial(f);

	memset(body, 'b', 200000);
	web_say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"));
	web_say(fd, (struct str){ body, 100000 });
	OK(web_has(web_hear(c, fd, 1), "body 100000"));
	close(fd);

	fd = web_dial(f);
	web_say(fd, STR("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n186a1\r\n"));
	web_say(fd, (struct str){ body, 100001 });
	web_say(fd, STR("\r\n0\r\n\r\n"));
	EQ(web_status(web_hear(c, fd, 1)), 413);
	close(fd);
	web_stop(f);
}

static void front_passes_on(struct ctx *c, bool peek_all)
{
	struct web *f = web_start(c, (struct server_config){ .peek_all = peek_all });
	int fd = web_dial(f);

	f->all_fast = true;
	web_say(fd, STR("GET /1?a=b HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n"
	            "GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
	struct str a = web_hear(c, fd, 2);

	OK(web_has(a, "GET /1 from 127.0.0.1 at a, body 0, a=b"));
	OK(web_has(a, "302 Found"));
	OK(web_has(a, "Date: "));
	web_say(fd, STR("HEAD /now HTTP/1.1\r\nHost: a\r\n\r\nGET /x?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n"));
	a = web_hear(c, fd, 2);
	OK(web_has(a, "302 Found"));
	OK(web_has(a, "400 Bad Request"));
	web_say(fd, STR("GET /2 HTTP/1.1\r\nHost: a\r\n\r\nPOST /3 HTTP/1.1\r\nHost: a\r\n"
	                "Content-Length: 3\r\n\r\nab"));
	usleep(20000);
	web_say(fd, STR("cGET /4 HTTP/1.1\r\nHost: a\r\n\r\n"));
	a = web_hear(c, fd, 3);
	OK(web_has(a, "GET /2 "));
	OK(web_has(a, "POST /3 "));
	OK(web_has(a, "[abc]"));
	OK(web_has(a, "GET /4 "));
	close(fd);
	EQ(server_stats(f->server).requests, 7);
	web_stop(f);
}

TEST(the_front_answers_plain_requests_and_passes_the_others_on_with_all_their_bytes)
{
	front_passes_on(c, false);
	front_passes_on(c, true);
}

static void front_serves_on(struct ctx *c, bool peek_all)
{
	struct web *f = web_start(c, (struct server_config){ .peek_all = peek_all });
	int fd = web_dial(f);

	f->all_fast = true;
	for (int i = 0; i < 100; i++) {
		web_say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\nX: some bytes to be left\r\n\r\n"));
		OK(web_has(web_hear(c, fd, 1), "GET /1 "));
	}
	web_say(fd, STR("POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"));
	struct str a = web_hear(c, fd, 1);

	OK(web_has(a, "POST /3 "));
	OK(web_has(a, "[abc]"));
	close(fd);
	web_stop(f);
}

TEST(the_front_serves_on_and_on_before_it_passes_a_connection_on)
{
	front_serves_on(c, false);
	front_serves_on(c, true);
}

static void front_serves_many_at_once(struct ctx *c, bool peek_all)
{
	enum { COUNT = 2500 };
	static const char one[] = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
	struct web *f = web_start(c, (struct server_config){ .peek_all = peek_all });
	int fd = web_dial(f);
	struct buf b;

	f->all_fast = true;
	buf_init(&b, c->arena);
	for (int i = 0; i < COUNT; i++)
		buf_puts(&b, one);
	web_say(fd, buf_text(&b));
	web_hear(c, fd, COUNT);
	EQ(server_stats(f->server).requests, COUNT);
	close(fd);
	web_stop(f);
}

TEST(more_requests_at_once_than_the_front_can_look_at_are_all_answered)
{
	front_serves_many_at_once(c, false);
	front_serves_many_at_once(c, true);
}

TEST(a_connection_the_front_closes_is_closed_and_not_reset)
{
	struct web *f = web_start(c, (struct server_config){ .idle_seconds = 1 });
	int fd = web_dial(f);
	char byte;

	f->all_fast = true;
	web_say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\n"));
	OK(web_has(web_hear(c, fd, 1), "GET /1 "));
	EQ(recv(fd, &byte, 1, 0), 0);
	close(fd);
	web_stop(f);
}

static void front_sends_large(struct ctx *c, bool peek_all)
{
	struct web *f = web_start(c, (struct server_config){ .peek_all = peek_all });
	int fd = web_dial(f);

	f->all_fast = true;
	f->filler_bytes = 8000000;
	web_say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	struct str a = web_hear(c, fd, 2);

	OK(a.n > 2 * f->filler_bytes);
	OK(web_has(str_slice(a, f->filler_bytes, a.n), "GET /2 "));
	close(fd);
	web_stop(f);
}

TEST(an_answer_larger_than_the_socket_is_sent_when_there_is_room)
{
	front_sends_large(c, false);
	front_sends_large(c, true);
}

/* While its first answer is under way, a guest is known to want something else. */
static void front_passes_on_late(struct ctx *c, bool peek_all)
{
	struct web *f = web_start(c, (struct server_config){ .peek_all = peek_all });
	int fd = web_dial(f);

	f->all_fast = true;
	f->filler_bytes = 8000000;
	web_say(fd, STR("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"
	                "POST /3 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"));
	usleep(50000);
	struct str a = web_hear(c, fd, 3);

	OK(web_has(a, "GET /1 "));
	OK(web_has(str_slice(a, f->filler_bytes, a.n), "GET /2 "));
	OK(web_has(str_slice(a, 2 * f->filler_bytes, a.n), "POST /3 "));
	OK(web_has(str_slice(a, 2 * f->filler_bytes, a.n), "[abc]"));
	EQ(server_stats(f->server).requests, 3);
	close(fd);
	web_stop(f);
}

TEST(a_connection_is_passed_on_after_the_answers_that_the_front_owes)
{
	front_passes_on_late(c, false);
	front_passes_on_late(c, true);
}

TEST(guests_that_ask_at_once_are_all_answered)
{
	enum { MANY = 300, ROUNDS = 3 };
	struct web *f = web_start(c, (struct server_config){ 0 });
	int fds[MANY];

	for (int i = 0; i < MANY; i++)
		fds[i] = web_dial(f);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < MANY; i++)
			web_say(fds[i], STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
		for (int i = 0; i < MANY; i++)
			EQ(web_status(web_hear(c, fds[i], 1)), 302);
	}
	EQ(server_stats(f->server).requests, ROUNDS * MANY);
	EQ(server_stats(f->server).answers_by_class[3], ROUNDS * MANY);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	web_stop(f);
}

TEST(slow_senders_are_cut_off)
{
	struct web *f = web_start(c, (struct server_config){ .head_seconds = 1, .idle_seconds = 1 });
	int silent = web_dial(f), half = web_dial(f), body = web_dial(f), idle = web_dial(f);

	web_say(half, STR("GET / HTTP/1.1\r\nHost"));
	web_say(body, STR("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc"));
	web_say(idle, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
	EQ(web_hear(c, silent, 0).n, 0);
	EQ(web_hear(c, half, 0).n, 0);
	EQ(web_hear(c, body, 0).n, 0);
	EQ(web_status(web_hear(c, idle, 0)), 302);
	close(silent);
	close(half);
	close(body);
	close(idle);
	web_stop(f);
}

TEST(more_than_128_waiting_connections_are_all_answered)
{
	enum { MANY = 600 };
	struct web *f = web_start(c, (struct server_config){ 0 });
	int fds[MANY];

	for (int round = 0; round < 3; round++) {
		web_hold(f, true, false);
		for (int i = 0; i < MANY; i++) {
			fds[i] = round ? fds[i] : web_dial(f);
			web_say(fds[i], STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
		}
		usleep(50000);
		web_hold(f, false, false);
		for (int i = 0; i < MANY; i++)
			EQ(web_status(web_hear(c, fds[i], 1)), 200);
	}
	EQ(server_stats(f->server).connections, MANY);
	EQ(server_stats(f->server).requests, 3 * MANY);
	EQ(server_stats(f->server).answers_by_class[2], 3 * MANY);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	web_stop(f);
}

static void *stop_now(void *arg)
{
	struct web *f = arg;

	server_stop(f->server, 5);
	return NULL;
}

TEST(a_server_that_stops_finishes_what_it_has_begun)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	int busy = web_dial(f), idle = web_dial(f);
	pthread_t stopping;

	web_hold(f, true, false);
	web_say(idle, STR("GET /now HTTP/1.1\r\nHost: a\r\n\r\n"));
	EQ(web_status(web_hear(c, idle, 1)), 302);
	web_say(busy, STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	OK(pthread_create(&stopping, NULL, stop_now, f) == 0);
	EQ(web_hear(c, idle, 0).n, 0);
	usleep(50000); /* that was one loop; the busy connection's may be another */
	web_hold(f, false, false);
	struct str a = web_hear(c, busy, 0);

	EQ(web_status(a), 200);
	OK(web_has(a, "Connection: close"));
	pthread_join(stopping, NULL);
	EQ(connect(busy, (const struct sockaddr *)(const void *)&f->address, sizeof(f->address)),
	   -1);
	close(busy);
	close(idle);
	web_hold(f, false, true);
	pthread_join(f->thread, NULL);
}

TEST(an_answer_to_a_client_that_has_left_is_dropped)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	int gone = web_dial(f);

	web_hold(f, true, false);
	web_say(gone, STR("GET /x HTTP/1.1\r\nHost: a\r\n\r\n"));
	usleep(50000);
	close(gone);
	usleep(50000);
	web_hold(f, false, false);
	EQ(web_status(web_ask(c, f, STR("GET /y HTTP/1.1\r\nHost: a\r\n\r\n"))), 200);
	web_stop(f);
}

struct race {
	struct str address;
	pthread_barrier_t start;
	_Atomic int started;
};

/* Both start at once, again and again; who does not get the port learns it. */
static void *start_one(void *arg)
{
	struct race *race = arg;
	struct arena arena;
	struct ctx c = { .arena = &arena };
	struct server_config config = { .on_request = web_on_request, .loops = 2,
	                                .listen = race->address };

	arena_init(&arena);
	pthread_barrier_wait(&race->start);
	struct server *s = server_start(&c, &config);

	if (s)
		atomic_fetch_add(&race->started, 1);
	pthread_barrier_wait(&race->start);
	if (s)
		server_stop(s, 1);
	arena_release(&arena);
	return NULL;
}

TEST(of_two_servers_that_start_at_once_not_both_get_the_port)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	struct race race = { .address = arena_str(c->arena, server_address(f->server)) };
	pthread_t other;

	web_stop(f);
	pthread_barrier_init(&race.start, NULL, 2);
	for (int i = 0; i < 50; i++) {
		atomic_store(&race.started, 0);
		EQ(pthread_create(&other, NULL, start_one, &race), 0);
		start_one(&race);
		EQ(pthread_join(other, NULL), 0);
		OK(atomic_load(&race.started) <= 1);
	}
	pthread_barrier_destroy(&race.start);
}

TEST(an_address_that_is_taken_or_is_none_is_refused)
{
	struct web *f = web_start(c, (struct server_config){ 0 });
	struct server_config config = { .on_request = web_on_request,
	                                .listen = server_address(f->server) };

	FAILS(server_start(c, &config) != NULL, ERR_CONFLICT, "listen");
	config.listen = STR("127.0.0.1");
	FAILS(server_start(c, &config) != NULL, ERR_INVALID, "listen");
	config.listen = STR("127.0.0.1:99999");
	FAILS(server_start(c, &config) != NULL, ERR_INVALID, "listen");
	config.listen = STR("nowhere.invalid:80");
	FAILS(server_start(c, &config) != NULL, ERR_INVALID, "listen");
	web_stop(f);
}
