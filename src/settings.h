/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "base/ctx.h"
#include "base/field.h"

/*
 * Settings: everything an operator can choose, in one table (settings.c).
 *
 * A value comes from, each over the one before: the default, the file
 * (partnerd.conf in the data directory, or --config FILE), the environment
 * (PARTNERD_NAME) and the command line (--name). In the file a line is
 * `name = value`; `#` begins a comment. A boolean is yes or no.
 *
 * Strings live in the arena of settings_load; nothing changes after the start.
 */
struct settings {
	struct str data;
	struct str config;
	struct str listen;
	struct str database;
	struct str migrate_database;
	struct str base_url;
	struct str templates;
	struct str metrics;
	struct str log_level;
	struct str log_format;
	struct str fx_url;
	struct str webhook_ca;
	struct str anonymisers;
	int64_t loops;
	int64_t workers;
	int64_t connections;
	int64_t database_connections;
	int64_t open_organisations;
	int64_t body_bytes;
	int64_t idle_seconds;
	int64_t stop_seconds;
	int64_t session_days;
	int64_t rate_limit;
	int64_t links;
	bool trust_proxy;
	bool access_log;
	bool strict_clicks;
	bool jobs;
	bool webhook_private;
};

enum settings_source { SOURCE_DEFAULT, SOURCE_FILE, SOURCE_ENVIRONMENT, SOURCE_FLAG };

#define SETTINGS_MAX 40

struct settings_loaded {
	struct settings values;
	enum settings_source sources[SETTINGS_MAX]; /* in the order of the table */
};

/* One flag of the command line, without its dashes: {"listen", "127.0.0.1:0"}. */
struct settings_flag {
	struct str name, value;
};

/*
 * Read all sources. ERR_INVALID names the setting in c->err.field and its source in the message;
 * ERR_STORAGE when the file of --config cannot be read (the one in the data directory may be
 * missing).
 */
bool settings_load(struct ctx *c, const struct settings_flag *flags, size_t flag_count,
                   struct settings_loaded *out);

/* Has any source said it, or is it as the program has it? */
bool settings_given(const struct settings_loaded *s, const char *name);

/* Is there a setting with this flag, and does it stand without a value (a boolean)? */
bool settings_has_flag(struct str flag, bool *out_alone);

/* One line a setting: name, value, source; secrets in database addresses are masked. */
void settings_print(const struct settings_loaded *s, struct buf *out);

/* What --help says about them: about all, or about those that matter to every command. */
void settings_help(struct buf *out, bool all);

#endif
