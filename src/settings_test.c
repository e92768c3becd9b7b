/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"
#include "unit.h"

#include <stdlib.h>

static void write_file(struct ctx *c, struct str dir, const char *text)
{
	FILE *f = fopen(arena_printf(c->arena, "%.*s/partnerd.conf", STR_ARG(dir)).p, "we");

	OK(f != NULL);
	OK(fputs(text, f) >= 0);
	OK(fclose(f) == 0);
}

TEST(the_command_line_wins_over_the_environment_over_the_file)
{
	struct settings_flag flags[3] = { { STR("data"), unit_dir(c) } };
	struct settings_loaded s;
	struct buf out;

	write_file(c, flags[0].value, "# a comment\nloops = 3\nworkers = 5 # five\n"
	                              "connections=100\nlog-format = json\n");
	setenv("PARTNERD_WORKERS", "6", 1);
	setenv("PARTNERD_CONNECTIONS", "200", 1);
	flags[1] = (struct settings_flag){ STR("connections"), STR("300") };
	flags[2] = (struct settings_flag){ STR("base-url"), STR("https://x.example//") };
	OK(settings_load(c, flags, 3, &s));
	unsetenv("PARTNERD_WORKERS");
	unsetenv("PARTNERD_CONNECTIONS");
	EQ(s.values.loops, 3);
	EQ(s.values.workers, 6);
	EQ(s.values.connections, 300);
	EQ(s.values.idle_seconds, 30);
	EQ_STR(s.values.log_format, "json");
	EQ_STR(s.values.base_url, "https://x.example");
	buf_init(&out, c->arena);
	settings_print(&s, &out);
	OK(memmem(out.p, out.n, "loops = 3  (file)", 17) != NULL);
	OK(memmem(out.p, out.n, "workers = 6  (environment)", 26) != NULL);
	OK(memmem(out.p, out.n, "connections = 300  (flag)", 25) != NULL);
}

TEST(a_setting_that_cannot_be_is_refused_by_name)
{
	static const struct {
		const char *name, *value;
	} bad[] = {
		{ "loops", "many" }, { "loops", "65" },        { "connections", "0" },
		{ "jobs", "maybe" }, { "base_url", "example" }, { "metrics", "some" },
		{ "data", "" },      { "log_level", "loud" },   { "database", "mysql://x/y" },
		{ "migrate_database", "host=x" }, { "listen", "foo" }, { "listen", ":80" },
		{ "listen", "127.0.0.1:x" }, { "listen", "127.0.0.1:70000" }, { "listen", "" },
	};
	struct settings_loaded s;

	for (size_t i = 0; i < LEN(bad); i++) {
		struct settings_flag flag = { str_from(bad[i].name), str_from(bad[i].value) };

		FAILS(settings_load(c, &flag, 1, &s), ERR_INVALID, bad[i].name);
	}
}

TEST(a_refused_setting_says_what_it_may_be)
{
	struct settings_flag rate = { STR("rate-limit"), STR("-1") };
	struct settings_flag level = { STR("log-level"), STR("loud") };
	struct settings_loaded s;

	OK(!settings_load(c, &rate, 1, &s));
	EQ_STR(str_from(c->err.msg), "rate_limit (flag) must be from 0 to 1000000000");
	fail_clear(c);
	OK(!settings_load(c, &level, 1, &s));
	EQ_STR(str_from(c->err.msg),
	       "log_level cannot be \"loud\", only one of: debug, info, warn, error");
}

TEST(a_file_of_settings_with_unknown_names_is_refused)
{
	struct settings_flag flag = { STR("data"), unit_dir(c) };
	struct settings_loaded s;

	write_file(c, flag.value, "colour = green\n");
	FAILS(settings_load(c, &flag, 1, &s), ERR_INVALID, "");
	write_file(c, flag.value, "loops\n");
	FAILS(settings_load(c, &flag, 1, &s), ERR_INVALID, "");
}

TEST(the_password_of_a_database_is_not_printed)
{
	struct settings_flag flags[] = { { STR("data"), STR("/nonexistent") },
		                         { STR("database"),
		                           STR("postgresql://me:secret@host/db") } };
	struct settings_loaded s;
	struct buf out;

	OK(settings_load(c, flags, 2, &s));
	buf_init(&out, c->arena);
	settings_print(&s, &out);
	OK(memmem(out.p, out.n, "secret", 6) == NULL);
	OK(memmem(out.p, out.n, "postgresql://me:***@host/db", 27) != NULL);
	flags[1].value = STR("postgresql://host/db?password=secret&sslmode=require");
	OK(settings_load(c, flags, 2, &s));
	buf_init(&out, c->arena);
	settings_print(&s, &out);
	OK(memmem(out.p, out.n, "secret", 6) == NULL);
	OK(memmem(out.p, out.n, "?password=***&sslmode=require  (", 32) != NULL);
}
