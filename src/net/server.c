/* SPDX-License-Identifier: Apache-2.0 */
#include "net/server.h"
#include "base/check.h"
#include "base/clock.h"
#include "net/loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define LOOPS_MAX 8
#define BACKLOG 1024

struct server {
	struct server_config config;
	struct arena arena;
	struct str address;
	struct loop loops[LOOPS_MAX];
	int loop_count;
};

/* "host:port" or "[v6]:port". */
static bool listen_split(struct str listen, struct str *out_host, struct str *out_port)
{
	size_t colon = SIZE_MAX;

	for (size_t i = 0; i < listen.n; i++)
		colon = listen.p[i] == ':' ? i : colon;
	if (colon == SIZE_MAX || colon == 0)
		return false;
	*out_host = str_slice(listen, 0, colon);
	*out_port = str_slice(listen, colon + 1, listen.n);
	if (out_host->p[0] == '[' && str_ends(*out_host, "]"))
		*out_host = str_slice(*out_host, 1, out_host->n - 2);
	return out_host->n > 0 && out_port->n > 0;
}

static bool address_find(struct ctx *c, struct str listen, struct addrinfo **out)
{
	struct addrinfo want = {
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct str host, port;
	int64_t number;

	/* getaddrinfo takes 99999 for 34463 */
	if (!listen_split(listen, &host, &port) || !str_to_int(port, &number) || number < 0
	    || number > 65535
	    || getaddrinfo(arena_cstr(c->arena, host), arena_cstr(c->arena, port), &want, out) != 0)
		return fail(c, ERR_INVALID, "listen", "%.*s is not an address like 127.0.0.1:8080",
		            STR_ARG(listen));
	return true;
}

/* A listening socket, or -1 with errno. Shared sockets let each loop have its own. */
static int socket_listen(const struct sockaddr *a, socklen_t n, bool shared)
{
	int on = 1;
	int fd = socket(a->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (shared)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(fd, a, n) == 0 && listen(fd, BACKLOG) == 0)
		return fd;

	int why = errno;

	close(fd);
	errno = why;
	return -1;
}

static bool bind_failed(struct ctx *c, struct str listen)
{
	enum err_code code = errno == EADDRINUSE ? ERR_CONFLICT : ERR_INVALID;

	return fail(c, code, "listen", "cannot listen on %.*s: %s", STR_ARG(listen),
	            strerror(errno));
}

/*
 * The first loop's socket, and the port. It is shared only once it listens: another server's first
 * socket is refused from then on, even one that starts at the same moment, where a shared one would
 * quietly take half of the connections.
 */
static int address_claim(struct ctx *c, struct server *s, struct sockaddr_storage *a, socklen_t n)
{
	struct sockaddr *at = (struct sockaddr *)(void *)a;
	char host[NI_MAXHOST], port[NI_MAXSERV];
	int on = 1, fd = socket_listen(at, n, false);

	if (fd < 0 || getsockname(fd, at, &n) != 0) {
		bind_failed(c, s->config.listen);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	CHECK(getnameinfo(at, n, host, sizeof(host), port, sizeof(port),
	                  NI_NUMERICHOST | NI_NUMERICSERV) == 0);
	s->address = arena_printf(&s->arena, a->ss_family == AF_INET6 ? "[%s]:%s" : "%s:%s", host,
	                          port);
	return fd;
}

static bool loops_start(struct ctx *c, struct server *s, struct sockaddr_storage *a, socklen_t n)
{
	int fds[LOOPS_MAX] = { address_claim(c, s, a, n) };

	if (fds[0] < 0)
		return false;
	for (int i = 1; i < s->config.loops; i++) {
		fds[i] = socket_listen((const struct sockaddr *)(const void *)a, n, true);
		if (fds[i] >= 0)
			continue;
		bind_failed(c, s->config.listen);
		while (i-- > 0)
			close(fds[i]);
		return false;
	}
	for (int i = 0; i < s->config.loops; i++) {
		if (!loop_start(&s->loops[i], &s->config, fds[i]))
			return fail(c, ERR_INTERNAL, NULL, "libmicrohttpd does not start");
		s->loop_count++;
	}
	return true;
}

static void defaults(struct server_config *config)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	CHECK(config->on_request != NULL);
	if (config->loops <= 0)
		config->loops = cores > 0 ? (int)cores : 1;
	if (config->loops > LOOPS_MAX)
		config->loops = LOOPS_MAX;
	config->body_max_bytes = config->body_max_bytes ? config->body_max_bytes : 1 << 20;
	config->connections_max = config->connections_max ? config->connections_max : 4096;
	config->address_max = config->address_max ? config->address_max : 512;
	config->idle_seconds = config->idle_seconds ? config->idle_seconds : 30;
	config->head_seconds = config->head_seconds ? config->head_seconds : 10;
}

struct server *server_start(struct ctx *c, const struct server_config *config)
{
	struct server *s = calloc(1, sizeof(*s));
	struct sockaddr_storage a = { 0 };
	struct addrinfo *found;

	CHECK(s != NULL);
	arena_init(&s->arena);
	s->config = *config;
	defaults(&s->config);
	s->config.listen = arena_str(&s->arena, config->listen);
	if (address_find(c, s->config.listen, &found)) {
		socklen_t n = found->ai_addrlen;

		memcpy(&a, found->ai_addr, n);
		freeaddrinfo(found);
		if (loops_start(c, s, &a, n))
			return s;
	}
	server_stop(s, 0);
	return NULL;
}

struct str server_address(const struct server *s)
{
	return s->address;
}

void server_stop(struct server *s, int seconds)
{
	int64_t stop_at_ns = clock_mono_ns() + seconds * 1000000000LL;

	for (int i = 0; i < s->loop_count; i++) {
		atomic_store(&s->loops[i].stop_at_ns, stop_at_ns);
		loop_wake(&s->loops[i]);
	}
	for (int i = 0; i < s->loop_count; i++)
		loop_join(&s->loops[i]);
	arena_release(&s->arena);
	free(s);
}

struct server_stats server_stats(const struct server *s)
{
	struct server_stats sum = { 0 };

	for (int i = 0; i < s->loop_count; i++) {
		const struct loop *l = &s->loops[i];

		sum.requests += atomic_load_explicit(&l->requests, memory_order_relaxed);
		sum.connections += atomic_load_explicit(&l->connections, memory_order_relaxed);
		sum.bytes_out += atomic_load_explicit(&l->bytes_out, memory_order_relaxed);
		for (size_t k = 0; k < LEN(sum.answers_by_class); k++)
			sum.answers_by_class[k] += atomic_load_explicit(&l->answers_by_class[k],
			                                                memory_order_relaxed);
	}
	return sum;
}
