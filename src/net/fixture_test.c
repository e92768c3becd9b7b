/* SPDX-License-Identifier: Apache-2.0 */
#include "net/fixture.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

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

bool web_is_fast(void *arg, struct req *q)
{
	const struct web *f = arg;

	return f->all_fast || str_is(q->path, "/now");
}

bool web_on_request(void *arg, struct req *q, struct res *r)
{
	struct web *f = arg;

	if (str_is(q->path, "/now")) {
		r->bare = true;
		res_redirect(r, 302, STR("https://shop.example/"));
		return true;
	}
	if (f->all_fast) {
		describe(q, r);
		memset(buf_room(&r->body, f->filler_bytes), 'f', f->filler_bytes);
		r->body.n += f->filler_bytes;
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
	struct web *f = arg;

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

struct web *web_start(struct ctx *c, struct server_config config)
{
	struct web *f = ARENA_NEW(c->arena, struct web);

	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->more, NULL);
	config.listen = STR("127.0.0.1:0");
	config.loops = 2;
	config.on_request = web_on_request;
	config.is_fast = web_is_fast;
	config.arg = f;
	f->server = server_start(c, &config);
	OK(f->server != NULL);

	int64_t port = 0;

	OK(str_to_int(str_slice(server_address(f->server), 10, 9), &port));
	f->address = (struct sockaddr_in){ .sin_family = AF_INET,
	                                   .sin_port = htons((uint16_t)port) };
	f->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	OK(pthread_create(&f->thread, NULL, worker, f) == 0);
	return f;
}

void web_hold(struct web *f, bool hold, bool end)
{
	pthread_mutex_lock(&f->lock);
	f->hold = hold;
	f->end = end;
	pthread_cond_signal(&f->more);
	pthread_mutex_unlock(&f->lock);
}

void web_stop(struct web *f)
{
	server_stop(f->server, 5);
	web_hold(f, false, true);
	pthread_join(f->thread, NULL);
}

int web_dial(const struct web *f)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)(const void *)&f->address,
	                      sizeof(f->address)) != 0)
		FAIL("cannot connect");
	return fd;
}

void web_say(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

		if (n <= 0)
			return; /* the server may have hung up already */
		text = str_slice(text, (size_t)n, text.n);
	}
}

/* How many whole answers the text holds. */
static int answers_in(const struct buf *b)
{
	int answers = 0;

	for (const char *at = b->p; (at = strstr(at, "Content-Length: ")) != NULL; at++) {
		const char *end = strstr(at, "\r\n\r\n");
		long length = strtol(at + 16, NULL, 10);

		answers += end && end + 4 + length <= b->p + b->n;
	}
	return answers;
}

struct str web_hear(struct ctx *c, int fd, int enough)
{
	struct buf b;
	struct pollfd p = { .fd = fd, .events = POLLIN };

	buf_init(&b, c->arena);
	while (poll(&p, 1, 5000) > 0) {
		ssize_t n = recv(fd, buf_room(&b, 65536), 65536, 0);

		if (n <= 0)
			break;
		b.n += (size_t)n;
		b.p[b.n] = '\0';
		if (enough && poll(&p, 1, 0) == 0 && answers_in(&b) >= enough)
			break;
	}
	return buf_text(&b);
}

struct str web_ask(struct ctx *c, const struct web *f, struct str text)
{
	int fd = web_dial(f);

	web_say(fd, text);
	struct str answer = web_hear(c, fd, 1);

	close(fd);
	return answer;
}

bool web_has(struct str text, const char *part)
{
	return text.n && strstr(text.p, part) != NULL;
}

int web_status(struct str answer)
{
	return answer.n > 12 ? (int)strtol(answer.p + 9, NULL, 10) : 0;
}
