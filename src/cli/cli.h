/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "app.h"
#include "db/db.h"
#include "settings.h"
#include "work/work.h"

/*
 * The command line: one row per command (commands.c), one function each.
 *
 * A command that works on data runs inside the server when one runs on the data
 * directory: the client sends name, options and standard input over DATA/partnerd.sock
 * (socket.h) and prints what comes back. Without a server the same function runs in
 * the client. Functions write to l->out and l->err, never to the terminal, and return
 * the exit code: CLI_OK, CLI_FAILED (the reason is in l->err) or CLI_USAGE. What fails for the
 * value of an option is wrong usage without their saying so.
 */

enum cli_exit { CLI_OK, CLI_FAILED, CLI_USAGE };

enum cli_kind {
	CLI_TEXT,    /* --name VALUE */
	CLI_NAME,    /* the same; what it names is in the data, or is not */
	CLI_FLAG,    /* --name */
	CLI_PATH,    /* --name FILE: made absolute for the server; "-" stays */
	CLI_CONTENT, /* --name FILE: the file is read by the client; the value is what is in it */
	/* --name: standard input is read; the value is what came, without the line end */
	CLI_INPUT,
};

struct cli_option {
	const char *name;
	enum cli_kind kind;
	bool required;
	const char *value; /* what --help calls the value */
	const char *what;
};

#define CLI_OPTIONS_MAX 12

struct cli;

struct command {
	const char *name;       /* "org create" */
	const char *what;       /* one sentence */
	const char *positional; /* NULL, or the name of the one word that follows: "NAME" */
	bool here;              /* runs in the client always, and opens what it needs itself */
	int (*run)(struct cli *l);
	struct cli_option options[CLI_OPTIONS_MAX]; /* ends with a NULL name */
	bool begins; /* may be the first on a data directory, and makes it */
	bool serves; /* all settings matter to it, not only those of every command */
	void (*more)(struct buf *out); /* NULL, or what else --help says */
};

/* One run of a command. */
struct cli {
	struct arena *arena;
	const struct command *command;
	const struct settings_loaded *settings;
	struct app *app;              /* NULL for commands that run `here` */
	struct str values[CLI_OPTIONS_MAX]; /* of the options; p == NULL: not given */
	struct str positional;
	struct buf out, err;
	bool misused; /* what failed was the value of an option, whatever the data */
};

extern const struct command commands[];
extern const size_t command_count;

/* The program: parses, finds, runs; returns the exit code. */
int cli_main(int argc, char **argv);

/* Run a parsed command whose l->app is set. */
int cli_run(struct cli *l);

/* The value of an option, or the empty string; a CHECK if the command has no such option. */
struct str cli_value(const struct cli *l, const char *option);
bool cli_given(const struct cli *l, const char *option);

/* Run as a task; on failure the reason is in l->err. c->actor is the system. */
typedef bool (*cli_task_fn)(struct ctx *c, struct cli *l, void *arg);
struct cli_task {
	enum work_kind kind;
	int64_t org_id;
	cli_task_fn run;
	void *arg;
};
bool cli_do(struct cli *l, const struct cli_task *t);

/* A context of the system's, for calls that are no tasks. */
struct ctx cli_ctx(struct cli *l);

/* Put the error of c into words on l->err; always CLI_FAILED. */
int cli_failed(struct cli *l, const struct ctx *c);

/* The organisation of --org; false after saying that there is none. */
bool cli_org(struct cli *l, int64_t *out_id);

/* The names for tables of organisations: of --org alone, or of all. False after saying why. */
bool cli_orgs(struct cli *l, struct list *out);

#endif
