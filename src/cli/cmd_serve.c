/* SPDX-License-Identifier: Apache-2.0 */
#include "access/access.h"
#include "access_log.h"
#include "base/log.h"
#include "cli/cmd.h"
#include "cli/serve_links.h"
#include "cli/socket.h"
#include "click/redirect.h"
#include "demo/demo.h"
#include "demo/making.h"
#include "dispatch.h"
#include "jobs.h"
#include "net/server.h"
#include "program.h"
#include "routes.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

/* What runs beside the program's parts while it serves. */
struct serving {
	struct program p;
	struct socket_server *socket;
	struct access_log *log;
	struct serve_links *links;
};

static void start_dispatch(struct serving *s)
{
	if (s->p.settings->access_log && log_writes(LOG_INFO))
		s->log = access_log_start(str_is(s->p.settings->log_format, "json"));
	struct dispatch_config config = {
		.app = &s->p.app,
		.routes = routes,
		.route_count = route_count,
		.log = s->log,
		.rate_limit = s->p.settings->rate_limit,
	};

	s->p.app.dispatch = dispatch_new(&s->p.arena, &config);
	redirect_use(s->p.app.clicks);
}

static bool start_server(struct ctx *c, struct serving *s)
{
	const struct settings *set = s->p.settings;
	struct server_config config = {
		.listen = set->listen,
		.loops = (int)set->loops,
		.body_max_bytes = set->body_bytes,
		.connections_max = set->connections,
		.idle_seconds = set->idle_seconds,
		.trust_proxy = set->trust_proxy,
		.on_request = dispatch_request,
		.is_fast = dispatch_is_fast,
		.body_limit = dispatch_body_limit,
		.arg = s->p.app.dispatch,
	};

	s->p.app.server = server_start(c, &config);
	if (!s->p.app.server)
		return false;
	if (s->p.app.base_url.n == 0)
		s->p.app.base_url = arena_printf(&s->p.arena, "http://%.*s",
		                                 STR_ARG(server_address(s->p.app.server)));
	return true;
}

static bool start(struct ctx *c, struct serving *s, const struct settings_loaded *settings)
{
	if (!program_open(c, &s->p, &settings->values, PROGRAM_SERVE))
		return false;
	c->app = &s->p.app;
	start_dispatch(s);
	s->links = serve_links_start(c, &s->p.app);
	if (s->links)
		s->socket = socket_listen(c, settings, &s->p.app);
	if (s->socket && start_server(c, s)) {
		if (s->p.settings->jobs)
			s->p.app.schedule = schedule_start(s->p.app.work, jobs, job_count,
			                                   &s->p.app);
		return true;
	}
	socket_close(s->socket);
	serve_links_stop(s->links);
	dispatch_release(s->p.app.dispatch);
	program_close(&s->p);
	access_log_stop(s->log);
	return false;
}

/* In the order in which they need each other: who sends work first, who does it last. */
static void stop(struct serving *s)
{
	server_stop(s->p.app.server, (int)s->p.settings->stop_seconds);
	socket_close(s->socket);
	if (s->p.app.schedule)
		schedule_stop(s->p.app.schedule);
	serve_links_stop(s->links);
	dispatch_release(s->p.app.dispatch);
	program_close(&s->p);
	access_log_stop(s->log);
}

/* Blocked before any thread starts, so that only sigwait below receives them. */
static void block_signals(sigset_t *out)
{
	sigemptyset(out);
	sigaddset(out, SIGTERM);
	sigaddset(out, SIGINT);
	pthread_sigmask(SIG_BLOCK, out, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static void say_ready(const struct serving *s)
{
	struct str at = server_address(s->p.app.server);

	fprintf(stderr, "ready http://%.*s\n", STR_ARG(at));
	fflush(stderr);
}

static bool was_stopped(void)
{
	sigset_t waiting;

	return sigpending(&waiting) == 0
	    && (sigismember(&waiting, SIGINT) || sigismember(&waiting, SIGTERM));
}

static bool fill_demo(struct ctx *c, struct serving *s)
{
	enum demo_state state;

	if (!demo_look(c, &s->p.app, &state))
		return false;
	if (state == DEMO_HALF)
		return fail(c, ERR_STATE, "data", "the demo in %.*s was never finished:"
		            " delete it (and the database, if that is PostgreSQL), and start"
		            " again", STR_ARG(s->p.settings->data));
	if (state == DEMO_WHOLE)
		return true;
	fputs("Making the demo data, a year of two brands: it takes a while, once\n", stderr);
	return making_begin(c, s->p.settings->data) && demo_fill(c, &s->p.app, was_stopped)
	    && making_end(c, s->p.settings->data);
}

/* What is in a database stays: who gave it throws it away. */
static bool tidy_demo(struct ctx *c, const struct settings *s)
{
	return s->database.n > 0 || making_tidy(c, s->data);
}

static bool make_demo(struct ctx *c, struct serving *s)
{
	struct buf b;

	if (!fill_demo(c, s))
		return false;
	buf_init(&b, c->arena);
	buf_printf(&b, "Open %.*s/sign-in and sign in as one of:\n", STR_ARG(s->p.app.base_url));
	demo_accounts(&b);
	fputs(buf_text(&b).p, stderr);
	return true;
}

static int serve(struct cli *l, bool demo)
{
	struct ctx c = cli_ctx(l);
	struct serving s = { 0 };
	sigset_t signals;
	int got, code = CLI_OK;

	block_signals(&signals);
	if ((demo && !tidy_demo(&c, &l->settings->values)) || !start(&c, &s, l->settings))
		return cli_failed(l, &c);
	if (!demo || make_demo(&c, &s)) {
		say_ready(&s);
		while (sigwait(&signals, &got) != 0)
			;
	} else {
		code = cli_failed(l, &c);
	}
	stop(&s);
	return code;
}

int cmd_serve(struct cli *l)
{
	return serve(l, false);
}

/* Whoever tries it out wants to go on seeing who may sign in. */
int cmd_demo(struct cli *l)
{
	struct settings_loaded quiet = *l->settings;

	if (!settings_given(&quiet, "access_log"))
		quiet.values.access_log = false;
	l->settings = &quiet;
	return serve(l, true);
}
