/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/socket.h"
#include "base/check.h"
#include "base/log.h"
#include "data/json.h"
#include "data/json_out.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define COMMANDS_AT_ONCE 8
#define SILENCE_S 30

struct socket_server {
	int fd;
	int dir_fd;
	const struct settings_loaded *settings;
	struct app *app;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t done;
	int running;
};

/* Paths of sockets are short; through the directory's descriptor any data directory will do. */
static bool address(struct str data, struct sockaddr_un *out, int *out_dir_fd)
{
	struct arena a;
	int fd;

	arena_init(&a);
	fd = open(arena_cstr(&a, data), O_PATH | O_DIRECTORY | O_CLOEXEC);
	arena_release(&a);
	*out = (struct sockaddr_un){ .sun_family = AF_UNIX };
	snprintf(out->sun_path, sizeof(out->sun_path), "/proc/self/fd/%d/" SOCKET_NAME, fd);
	*out_dir_fd = fd;
	return fd >= 0;
}

static bool send_all(int fd, struct str text)
{
	while (text.n > 0) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text = str_slice(text, (size_t)n, SIZE_MAX);
	}
	return true;
}

static bool receive_all(int fd, struct buf *out, size_t max)
{
	for (;;) {
		ssize_t n = recv(fd, buf_room(out, 65536), 65536, 0);

		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || out->n + (size_t)n > max)
			return false;
		out->n += (size_t)n;
	}
}

/* ---- The server's side. */

static const struct command *find(struct str name)
{
	for (size_t i = 0; i < command_count; i++)
		if (str_is(name, commands[i].name) && !commands[i].here)
			return &commands[i];
	return NULL;
}

static bool read_request(struct ctx *c, struct str text, struct cli *l)
{
	json_t *body, *values = NULL;
	struct str name;

	if (!json_read_object(c, text, &body)
	    || !json_get_str(c, body, "command", MUST(1, 80), &name)
	    || !json_get_object(c, body, "values", MUST(0, 0), &values))
		return false;
	l->command = find(name);
	if (!l->command)
		return fail(c, ERR_INVALID, NULL, "The server has no command %.*s", STR_ARG(name));
	l->positional = json_text(json_object_get(body, "positional"));
	for (size_t i = 0; i < CLI_OPTIONS_MAX && l->command->options[i].name; i++) {
		json_t *value = json_object_get(values, l->command->options[i].name);

		if (value)
			l->values[i] = json_text(value);
	}
	return true;
}

static void carry_out(struct socket_server *s, struct arena *a, struct buf *request,
                      struct buf *answer)
{
	struct cli l = { .arena = a, .settings = s->settings, .app = s->app };
	struct ctx c = cli_ctx(&l);
	int code;

	buf_init(&l.out, a);
	buf_init(&l.err, a);
	code = read_request(&c, buf_text(request), &l) ? cli_run(&l) : cli_failed(&l, &c);
	if (l.command)
		log_event(LOG_INFO, "command", LOG_CSTR("name", l.command->name),
		          LOG_INT("exit", code));
	jw_object(answer);
	jw_key_int(answer, "exit", code);
	jw_key_str(answer, "out", buf_text(&l.out));
	jw_key_str(answer, "err", buf_text(&l.err));
	jw_object_end(answer);
}

struct visit_of {
	struct socket_server *s;
	int fd;
};

static void ended(struct socket_server *s)
{
	pthread_mutex_lock(&s->lock);
	s->running--;
	pthread_cond_broadcast(&s->done);
	pthread_mutex_unlock(&s->lock);
}

static void *serve(void *arg)
{
	struct visit_of v = *(struct visit_of *)arg;
	struct arena a;
	struct buf request, answer;

	free(arg);
	arena_init(&a);
	buf_init(&request, &a);
	buf_init(&answer, &a);
	if (receive_all(v.fd, &request, SOCKET_REQUEST_MAX)) {
		carry_out(v.s, &a, &request, &answer);
		if (!send_all(v.fd, buf_text(&answer)))
			log_event(LOG_WARN, "a command went away before its answer");
	}
	close(v.fd);
	arena_release(&a);
	ended(v.s);
	return NULL;
}

static void start(struct socket_server *s, int fd)
{
	struct visit_of *v = malloc(sizeof(*v));
	struct timeval silence = { .tv_sec = SILENCE_S };
	pthread_attr_t detached;
	pthread_t thread;

	CHECK(v != NULL);
	*v = (struct visit_of){ s, fd };
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &silence, sizeof(silence));
	pthread_mutex_lock(&s->lock);
	while (s->running >= COMMANDS_AT_ONCE)
		pthread_cond_wait(&s->done, &s->lock);
	s->running++;
	pthread_mutex_unlock(&s->lock);
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	CHECK(pthread_create(&thread, &detached, serve, v) == 0);
	pthread_attr_destroy(&detached);
}

static void *accept_all(void *arg)
{
	struct socket_server *s = arg;

	for (;;) {
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd >= 0)
			start(s, fd);
		else if (errno != EINTR && errno != ECONNABORTED && errno != EMFILE)
			return NULL; /* shut down */
	}
}

static bool bind_socket(struct socket_server *s, const struct sockaddr_un *at)
{
	mode_t before = umask(0177);
	bool ok = bind(s->fd, (const struct sockaddr *)at, sizeof(*at)) == 0;

	umask(before);
	return ok && listen(s->fd, 16) == 0;
}

/* The lock on the data directory is ours, so a socket that is there belongs to nobody. */
struct socket_server *socket_listen(struct ctx *c, const struct settings_loaded *settings,
                                    struct app *app)
{
	struct socket_server *s = calloc(1, sizeof(*s));
	struct sockaddr_un at;

	CHECK(s != NULL);
	*s = (struct socket_server){ .settings = settings, .app = app };
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->done, NULL);
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CHECK(address(settings->values.data, &at, &s->dir_fd));
	unlinkat(s->dir_fd, SOCKET_NAME, 0);
	if (s->fd >= 0 && bind_socket(s, &at)) {
		CHECK(pthread_create(&s->thread, NULL, accept_all, s) == 0);
		return s;
	}
	fail(c, ERR_STORAGE, "data", "The socket for commands cannot be made: %s", strerror(errno));
	close(s->dir_fd);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
	return NULL;
}

void socket_close(struct socket_server *s)
{
	if (!s)
		return;
	unlinkat(s->dir_fd, SOCKET_NAME, 0);
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	pthread_mutex_lock(&s->lock);
	while (s->running > 0)
		pthread_cond_wait(&s->done, &s->lock);
	pthread_mutex_unlock(&s->lock);
	close(s->fd);
	close(s->dir_fd);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->done);
	free(s);
}

/* ---- The client's side. */

static int connect_to(struct str data)
{
	struct sockaddr_un at;
	int dir_fd, fd, ok = -1;

	if (!address(data, &at, &dir_fd))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		ok = connect(fd, (const struct sockaddr *)&at, sizeof(at));
	close(dir_fd);
	if (fd >= 0 && ok != 0)
		close(fd);
	return ok == 0 ? fd : -1;
}

static struct str request_text(const struct cli *l)
{
	struct buf b;

	buf_init(&b, l->arena);
	jw_object(&b);
	jw_key_str(&b, "command", str_from(l->command->name));
	jw_key_str(&b, "positional", l->positional);
	jw_key(&b, "values");
	jw_object(&b);
	for (size_t i = 0; i < CLI_OPTIONS_MAX && l->command->options[i].name; i++)
		if (l->values[i].p)
			jw_key_str(&b, l->command->options[i].name, l->values[i]);
	jw_object_end(&b);
	jw_object_end(&b);
	return buf_text(&b);
}

static bool read_answer(struct ctx *c, struct str text, struct cli *l, int *out_exit)
{
	json_t *body;
	int64_t code;

	if (!json_read_object(c, text, &body)
	    || !json_get_int(c, body, "exit", MUST(0, 255), &code))
		return fail(c, ERR_BUSY, NULL, "The server went away before it had answered");
	buf_str(&l->out, json_text(json_object_get(body, "out")));
	buf_str(&l->err, json_text(json_object_get(body, "err")));
	*out_exit = (int)code;
	return true;
}

bool socket_run(struct ctx *c, struct cli *l, int *out_exit)
{
	int fd = connect_to(l->settings->values.data);
	struct buf answer;
	bool ok;

	if (fd < 0)
		return false;
	buf_init(&answer, l->arena);
	ok = send_all(fd, request_text(l)) && shutdown(fd, SHUT_WR) == 0
	  && receive_all(fd, &answer, SIZE_MAX);
	close(fd);
	if (!ok)
		return fail(c, ERR_BUSY, NULL, "The server went away before it had answered");
	return read_answer(c, buf_text(&answer), l, out_exit);
}
