/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "cli/cli.h"
#include "cli/parse.h"
#include "cli/socket.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define FILE_MAX ((size_t)64 << 20)
#define TRIES 100
#define TRY_MS 50

static bool read_all(int fd, struct buf *out)
{
	for (;;) {
		ssize_t n = read(fd, buf_room(out, 65536), 65536);

		if (n == 0)
			return true;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || out->n + (size_t)n > FILE_MAX)
			return false;
		out->n += (size_t)n;
	}
}

static bool read_content(struct ctx *c, struct str path, struct str *out)
{
	bool standard = str_is(path, "-");
	int fd = standard ? STDIN_FILENO : open(arena_cstr(c->arena, path), O_RDONLY | O_CLOEXEC);
	struct buf text;
	bool ok;

	buf_init(&text, c->arena);
	ok = fd >= 0 && read_all(fd, &text);
	if (fd >= 0 && !standard)
		close(fd);
	*out = text.p ? buf_text(&text) : STR("");
	return ok || fail(c, ERR_STORAGE, NULL, "%.*s cannot be read", STR_ARG(path));
}

static bool read_input(struct ctx *c, struct str *out)
{
	if (!read_content(c, STR("-"), out))
		return false;
	while (out->n > 0 && (out->p[out->n - 1] == '\n' || out->p[out->n - 1] == '\r'))
		out->n--;
	return true;
}

static bool absolute(struct ctx *c, struct str path, struct str *out)
{
	char here[PATH_MAX];

	*out = path;
	if (str_starts(path, "/") || str_is(path, "-"))
		return true;
	if (!getcwd(here, sizeof(here)))
		return fail(c, ERR_STORAGE, NULL, "There is no current directory");
	*out = arena_printf(c->arena, "%s/%.*s", here, STR_ARG(path));
	return true;
}

/* What only the client can reach: its files, its standard input, its directory. */
static bool fetch(struct ctx *c, struct cli *l)
{
	for (size_t i = 0; i < CLI_OPTIONS_MAX && l->command->options[i].name; i++) {
		enum cli_kind kind = l->command->options[i].kind;
		struct str *v = &l->values[i];
		bool ok = !v->p
		       || (kind == CLI_CONTENT ? read_content(c, *v, v)
		           : kind == CLI_INPUT ? read_input(c, v)
		           : kind != CLI_PATH || absolute(c, *v, v));

		if (!ok)
			return false;
	}
	return true;
}

static void pause_ms(long ms)
{
	struct timespec t = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/*
 * A mistyped directory is not taken for an empty one, in which all is well. Beside PostgreSQL it has
 * the secret that seals and signs what is there.
 */
static bool has_data(struct ctx *c, const struct cli *l)
{
	const struct settings *s = &l->settings->values;
	const char *name = s->database.n > 0 ? "secret" : "control.db";
	const char *file = arena_printf(c->arena, "%.*s/%s", STR_ARG(s->data), name).p;

	return l->command->begins || access(file, F_OK) == 0
	    || fail(c, ERR_INVALID, "data", "There is no data in %.*s. Is it the right directory? "
	                                    "partnerd org create begins a new one",
	            STR_ARG(s->data));
}

static int run_alone(struct ctx *c, struct cli *l, bool *out_in_use)
{
	struct program p;
	int code;

	if (!program_open(c, &p, &l->settings->values, PROGRAM_COMMAND)) {
		*out_in_use = c->err.code == ERR_CONFLICT;
		return *out_in_use ? CLI_FAILED : cli_failed(l, c);
	}
	l->app = &p.app;
	code = cli_run(l);
	program_close(&p);
	return code;
}

/*
 * Through the server if there is one, else alone. Whoever has the data directory may be a server
 * that does not listen yet, or another command that is about to end: try again for a while.
 */
static int run_somewhere(struct ctx *c, struct cli *l)
{
	for (int i = 0; i < TRIES; i++) {
		bool in_use = false;
		int code;

		fail_clear(c);
		if (socket_run(c, l, &code))
			return code;
		if (c->err.code != ERR_NONE)
			return cli_failed(l, c);
		if (!has_data(c, l)) {
			cli_failed(l, c);
			return CLI_USAGE;
		}
		code = run_alone(c, l, &in_use);
		if (!in_use)
			return code;
		pause_ms(TRY_MS);
	}
	return cli_failed(l, c);
}

static int run_parsed(struct ctx *c, const struct parsed *p, struct cli *l)
{
	struct settings_loaded *s = ARENA_NEW(c->arena, struct settings_loaded);

	l->command = p->command;
	l->positional = p->positional;
	memcpy(l->values, p->values, sizeof(l->values));
	l->settings = s;
	if (!settings_load(c, p->flags, p->flag_count, s)) {
		cli_failed(l, c);
		return c->err.code == ERR_INVALID ? CLI_USAGE : CLI_FAILED;
	}
	if (!fetch(c, l))
		return cli_failed(l, c);
	return p->command->here ? cli_run(l) : run_somewhere(c, l);
}

static int help(const struct parsed *p, struct cli *l)
{
	if (p->command)
		parse_help(&l->out, p->command);
	else
		parse_usage(&l->out, p->group);
	return CLI_OK;
}

static void print(int fd, const struct buf *b)
{
	for (size_t at = 0; at < b->n;) {
		ssize_t n = write(fd, b->p + at, b->n - at);

		if (n < 0 && errno != EINTR)
			return;
		at += n > 0 ? (size_t)n : 0;
	}
}

int cli_main(int argc, char **argv)
{
	struct arena a;
	struct cli l = { .arena = &a };
	struct ctx c = { .arena = &a };
	struct parsed p;
	int code;

	CHECK(sodium_init() >= 0);
	arena_init(&a);
	buf_init(&l.out, &a);
	buf_init(&l.err, &a);
	if (!parse_words(&c, argc - 1, argv + 1, &p)) {
		cli_failed(&l, &c);
		if (p.command)
			buf_printf(&l.err, "partnerd %s --help tells more.\n", p.command->name);
		else
			parse_usage(&l.err, p.group);
		code = CLI_USAGE;
	} else {
		code = p.help ? help(&p, &l) : run_parsed(&c, &p, &l);
	}
	print(STDOUT_FILENO, &l.out);
	print(STDERR_FILENO, &l.err);
	arena_release(&a);
	return code;
}
