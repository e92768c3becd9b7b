/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"
#include "base/check.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <unistd.h>

#define FILE_MAX_BYTES (256 * 1024)

struct setting {
	struct field field;
	const char *initial;
	const char *what;
	bool common; /* matters to every command, not to the server alone */
};

#define SETTING(m, first, text) \
	{ .field = FIELD(struct settings, m, .flags = IN), .initial = (first), .what = (text) }
#define NUMBER(m, first, lo, hi, text) \
	{ .field = FIELD(struct settings, m, .min = (lo), .max = (hi)), .initial = (first), \
	  .what = (text) }
#define COMMON(m, first, text) \
	{ .field = FIELD(struct settings, m, .flags = IN), .initial = (first), .what = (text), \
	  .common = true }

static const struct setting table[] = {
	COMMON(data, "partnerd-data", "the data directory"),
	COMMON(config, "", "a file of settings, instead of partnerd.conf in the data directory"),
	SETTING(listen, "127.0.0.1:8080", "address and port to answer on"),
	COMMON(database, "", "a postgresql:// address, instead of SQLite files in the data directory"),
	COMMON(migrate_database, "", "the same as a role that may create tables"),
	SETTING(base_url, "", "what the world calls this server, like https://partners.example.com"),
	SETTING(templates, "", "read page templates from this directory, and again when they change"),
	SETTING(metrics, "local", "who may read /metrics: local, all, or nobody"),
	COMMON(log_level, "info", "debug, info, warn or error"),
	COMMON(log_format, "text", "text or json"),
	NUMBER(loops, "0", 0, 64, "threads that speak HTTP; 0: one for each core"),
	NUMBER(workers, "0", 0, 256, "threads that work; 0: two for each core"),
	NUMBER(connections, "4096", 8, 1000000, "connections at once"),
	NUMBER(database_connections, "16", 2, 1000, "connections to PostgreSQL"),
	NUMBER(open_organisations, "1000", 4, 100000, "files of organisations open at once"),
	NUMBER(body_bytes, "1048576", 1024, 1 << 30, "the largest request body"),
	NUMBER(idle_seconds, "30", 1, 3600, "how long a silent connection is kept"),
	NUMBER(stop_seconds, "20", 0, 600, "how long a stop waits for requests in flight"),
	NUMBER(session_days, "14", 1, 400, "how long somebody stays signed in"),
	NUMBER(rate_limit, "1200000", 0, 1000000000, "requests a minute for each key; 0: no limit"),
	NUMBER(links, "10000", 0, 100000000, "tracking links to make room for at the start"),
	SETTING(trust_proxy, "no", "believe X-Forwarded-For and -Proto from this machine"),
	SETTING(access_log, "yes", "log a line for each request, at the level info"),
	SETTING(strict_clicks, "no", "answer a click only when it is on disk"),
	SETTING(anonymisers, "", "a file of networks whose clicks are not paid for"),
	SETTING(jobs, "yes", "run jobs that are due"),
	SETTING(webhook_private, "no", "let webhooks go to http:// and to this server's own network"),
	SETTING(webhook_ca, "", "a file of certificates that webhooks trust, instead of the system's"),
	SETTING(fx_url, "", "where to fetch exchange rates (see the manual); empty: do not fetch"),
};

static const char *const source_names[] = { "default", "file", "environment", "flag" };

_Static_assert(LEN(table) <= SETTINGS_MAX, "SETTINGS_MAX is too small");

/* Dashes and underscores are the same, so that the file may use either. */
static bool named(const struct setting *s, struct str name)
{
	const char *p = s->field.name;

	for (size_t i = 0; i < name.n; i++) {
		char ch = name.p[i] == '-' ? '_' : name.p[i];

		if (p[i] == '\0' || p[i] != ch)
			return false;
	}
	return p[name.n] == '\0';
}

static const struct setting *find(struct str name)
{
	for (size_t i = 0; i < LEN(table); i++)
		if (named(&table[i], name))
			return &table[i];
	return NULL;
}

bool settings_given(const struct settings_loaded *s, const char *name)
{
	const struct setting *row = find(str_from(name));

	CHECK(row != NULL);
	return s->sources[row - table] != SOURCE_DEFAULT;
}

static bool parse_bool(struct str s, int64_t *out)
{
	bool yes = str_is(s, "yes") || str_is(s, "true") || str_is(s, "on") || str_is(s, "1");
	bool no = str_is(s, "no") || str_is(s, "false") || str_is(s, "off") || str_is(s, "0");

	*out = yes;
	return yes || no;
}

static bool refuse(struct ctx *c, const struct setting *s, enum settings_source from,
                   const char *what)
{
	return fail(c, ERR_INVALID, s->field.name, "%s (%s) %s", s->field.name, source_names[from],
	            what);
}

static bool set(struct ctx *c, struct settings_loaded *l, const struct setting *s,
                enum settings_source from, struct str value)
{
	int64_t number = 0;

	switch (s->field.type) {
	case TYPE_STR:
		if (!str_is_text(value))
			return refuse(c, s, from, "is not text");
		field_set_str(&s->field, &l->values, arena_str(c->arena, value));
		break;
	case TYPE_BOOL:
		if (!parse_bool(value, &number))
			return refuse(c, s, from, "is neither yes nor no");
		field_set_int(&s->field, &l->values, number);
		break;
	case TYPE_INT:
		if (!str_to_int(value, &number))
			return refuse(c, s, from, "is not a number");
		if (number < s->field.min || number > s->field.max)
			return refuse(c, s, from, arena_printf(c->arena,
			              "must be from %" PRId64 " to %" PRId64,
			              s->field.min, s->field.max).p);
		field_set_int(&s->field, &l->values, number);
		break;
	}
	l->sources[s - table] = from;
	return true;
}

static bool load_defaults(struct ctx *c, struct settings_loaded *l)
{
	for (size_t i = 0; i < LEN(table); i++)
		if (!set(c, l, &table[i], SOURCE_DEFAULT, str_from(table[i].initial)))
			return false;
	return true;
}

static bool load_line(struct ctx *c, struct settings_loaded *l, struct str line)
{
	struct str rest = line;
	struct str name = str_trim(str_cut(&rest, '='));
	const struct setting *s = find(name);

	if (!rest.p)
		return fail(c, ERR_INVALID, NULL, "\"%.*s\" in the file of settings has no \"=\"",
		            STR_ARG(name));
	if (!s)
		return fail(c, ERR_INVALID, NULL,
		            "The file of settings names \"%.*s\", which is not a setting",
		            STR_ARG(name));
	return set(c, l, s, SOURCE_FILE, str_trim(rest));
}

static bool load_text(struct ctx *c, struct settings_loaded *l, struct str text)
{
	while (text.p) {
		struct str line = str_cut(&text, '\n');

		line = str_trim(str_slice(line, 0, str_find(line, '#', 0)));
		if (line.n > 0 && !load_line(c, l, line))
			return false;
	}
	return true;
}

static bool load_file(struct ctx *c, struct settings_loaded *l)
{
	bool chosen = l->values.config.n > 0;
	struct str path = chosen ? l->values.config
	                         : arena_printf(c->arena, "%.*s/partnerd.conf", STR_ARG(l->values.data));
	int fd = open(arena_cstr(c->arena, path), O_RDONLY | O_CLOEXEC);
	char *text = arena_alloc(c->arena, FILE_MAX_BYTES);
	ssize_t n;

	if (fd < 0 && errno == ENOENT && !chosen)
		return true;
	n = fd < 0 ? -1 : read(fd, text, FILE_MAX_BYTES);
	if (fd >= 0)
		close(fd);
	if (n < 0 || n == FILE_MAX_BYTES)
		return fail(c, ERR_STORAGE, NULL, "%.*s cannot be read", STR_ARG(path));
	return load_text(c, l, (struct str){ text, (size_t)n });
}

static bool load_environment(struct ctx *c, struct settings_loaded *l, const struct setting *s)
{
	char name[64] = "PARTNERD_";
	size_t n = strlen(name);
	const char *value;

	for (const char *p = s->field.name; *p && n < sizeof(name) - 1; p++)
		name[n++] = (char)toupper((unsigned char)*p);
	value = getenv(name);
	return !value || set(c, l, s, SOURCE_ENVIRONMENT, str_from(value));
}

static bool load_flags(struct ctx *c, struct settings_loaded *l, const struct setting *s,
                       const struct settings_flag *flags, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (named(s, flags[i].name) && !set(c, l, s, SOURCE_FLAG, flags[i].value))
			return false;
	return true;
}

/* Where the file is must be known before it is read, so `data` and `config` are settled first. */
static bool load_overrides(struct ctx *c, struct settings_loaded *l,
                           const struct settings_flag *flags, size_t count)
{
	for (size_t i = 0; i < LEN(table); i++)
		if (!load_environment(c, l, &table[i])
		    || !load_flags(c, l, &table[i], flags, count))
			return false;
	return true;
}

static bool check_choice(struct ctx *c, const char *name, struct str value,
                         const char *const *names)
{
	struct buf all;

	if (names_find(names, value) >= 0)
		return true;
	buf_init(&all, c->arena);
	for (size_t i = 0; names[i]; i++)
		buf_printf(&all, "%s%s", i == 0 ? "" : ", ", names[i]);
	return fail(c, ERR_INVALID, name, "%s cannot be \"%.*s\", only one of: %.*s", name,
	            STR_ARG(value), STR_ARG(buf_text(&all)));
}

/* Empty, or an address of one of these kinds. */
static bool check_address(struct ctx *c, const char *name, struct str value, const char *one,
                          const char *other)
{
	return value.n == 0 || str_starts(value, one) || str_starts(value, other)
	    || fail(c, ERR_INVALID, name, "%s must begin with %s or %s", name, one, other);
}

/* As far as that can be said without looking a name up: "host:port" or "[v6]:port". */
static bool check_listen(struct ctx *c, struct str value)
{
	size_t colon = value.n;
	int64_t port;

	while (colon > 0 && value.p[colon - 1] != ':')
		colon--;
	return (colon > 1 && str_to_int(str_slice(value, colon, SIZE_MAX), &port) && port >= 0
	        && port <= 65535)
	    || fail(c, ERR_INVALID, "listen", "listen must be an address like 127.0.0.1:8080, not"
	            " \"%.*s\"", STR_ARG(value));
}

static bool check_database(struct ctx *c, const char *name, struct str value)
{
	return check_address(c, name, value, "postgresql://", "postgres://");
}

static bool check(struct ctx *c, const struct settings *s)
{
	static const char *const who[] = { "local", "all", "nobody", NULL };
	static const char *const levels[] = { "debug", "info", "warn", "error", NULL };
	static const char *const formats[] = { "text", "json", NULL };

	return check_choice(c, "metrics", s->metrics, who)
	    && check_choice(c, "log_level", s->log_level, levels)
	    && check_choice(c, "log_format", s->log_format, formats)
	    && (s->data.n > 0 || fail(c, ERR_INVALID, "data", "data is empty"))
	    && check_listen(c, s->listen)
	    && check_database(c, "database", s->database)
	    && check_database(c, "migrate_database", s->migrate_database)
	    && check_address(c, "base_url", s->base_url, "http://", "https://")
	    && check_address(c, "fx_url", s->fx_url, "http://", "https://");
}

bool settings_load(struct ctx *c, const struct settings_flag *flags, size_t flag_count,
                   struct settings_loaded *out)
{
	*out = (struct settings_loaded){ 0 };
	if (!load_defaults(c, out) || !load_overrides(c, out, flags, flag_count)
	    || !load_file(c, out) || !load_overrides(c, out, flags, flag_count))
		return false;
	while (out->values.base_url.n > 0 && str_ends(out->values.base_url, "/"))
		out->values.base_url.n--;
	return check(c, &out->values);
}

bool settings_has_flag(struct str flag, bool *out_alone)
{
	const struct setting *s = find(flag);

	if (!s)
		return false;
	*out_alone = s->field.type == TYPE_BOOL;
	return true;
}

/* Also as a parameter: …/name?password=secret&… */
static void print_without(struct buf *out, struct str url, struct str name)
{
	const char *at = url.n > 0 ? memmem(url.p, url.n, name.p, name.n) : NULL;

	if (at) {
		size_t value = (size_t)(at - url.p) + name.n, end = str_find(url, '&', value);

		buf_str(out, str_slice(url, 0, value));
		buf_puts(out, "***");
		url = str_slice(url, end < url.n ? end : url.n, SIZE_MAX);
	}
	buf_str(out, url);
}

/* postgresql://user:password@host/… without the password. */
static void print_masked(struct buf *out, struct str url)
{
	size_t at = str_find(url, '@', 0), colon = str_find(url, ':', str_find(url, ':', 0) + 1);

	if (at != SIZE_MAX && colon < at) {
		buf_str(out, str_slice(url, 0, colon + 1));
		buf_puts(out, "***");
		url = str_slice(url, at, SIZE_MAX);
	}
	print_without(out, url, STR("password="));
}

static void print_value(struct buf *out, const struct settings *s, const struct field *f)
{
	if (f->type == TYPE_STR)
		print_masked(out, field_str(f, s));
	else if (f->type == TYPE_BOOL)
		buf_puts(out, field_int(f, s) ? "yes" : "no");
	else
		buf_int(out, field_int(f, s));
}

void settings_print(const struct settings_loaded *s, struct buf *out)
{
	for (size_t i = 0; i < LEN(table); i++) {
		buf_printf(out, "%s = ", table[i].field.name);
		print_value(out, &s->values, &table[i].field);
		buf_printf(out, "  (%s)\n", source_names[s->sources[i]]);
	}
}

static void help_flag(struct buf *out, const char *name)
{
	size_t start = out->n;

	buf_puts(out, "  --");
	for (const char *p = name; *p; p++)
		buf_char(out, *p == '_' ? '-' : *p);
	do
		buf_char(out, ' ');
	while (out->n - start < 26);
}

void settings_help(struct buf *out, bool all)
{
	for (size_t i = 0; i < LEN(table); i++) {
		if (!all && !table[i].common)
			continue;
		help_flag(out, table[i].field.name);
		buf_puts(out, table[i].what);
		if (table[i].initial[0])
			buf_printf(out, " [%s]", table[i].initial);
		buf_char(out, '\n');
	}
}
