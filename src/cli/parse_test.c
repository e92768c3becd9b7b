/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parse.h"
#include "unit.h"

/* Words separated by spaces; an option's value may be 'quoted words'. */
static bool parse(struct ctx *c, const char *line, struct parsed *out)
{
	char **argv = ARENA_ARRAY(c->arena, char *, 32);
	struct str rest = str_from(line);
	int argc = 0;

	while (rest.p && rest.n > 0)
		argv[argc++] = arena_cstr(c->arena, str_cut(&rest, ' '));
	return parse_words(c, argc, argv, out);
}

TEST(a_command_is_found_with_its_options_and_settings)
{
	struct parsed p;

	OK(parse(c, "org create --data /tmp/x --name Acme --slug=acme --trust-proxy", &p));
	EQ_STR(str_from(p.command->name), "org create");
	EQ_STR(p.values[0], "Acme");
	EQ_STR(p.values[1], "acme");
	OK(p.values[2].p == NULL);
	EQ(p.flag_count, 2);
	EQ_STR(p.flags[0].name, "data");
	EQ_STR(p.flags[1].value, "yes");
	OK(parse(c, "job mature --org acme", &p));
	EQ_STR(p.positional, "mature");
}

TEST(wrong_usage_is_refused)
{
	static const char *const bad[] = {
		"", "nonsense", "org", "org nonsense", "org create --name Acme",
		"org create --name Acme --slug", "org create --name A --slug a --slug b",
		"org create --name A --slug a --nonsense 1", "org create --name A --slug a more",
		"job", "user create --email a --name b --password-stdin=secret",
	};
	struct parsed p;

	for (size_t i = 0; i < LEN(bad); i++) {
		if (parse(c, bad[i], &p))
			FAIL("\"%s\" was understood", bad[i]);
		EQ(c->err.code, ERR_INVALID);
	}
}

TEST(every_command_can_be_explained)
{
	struct buf out;
	struct parsed p;

	for (size_t i = 0; i < command_count; i++) {
		OK(parse(c, arena_printf(c->arena, "%s --help", commands[i].name).p, &p));
		OK(p.help);
		EQ_STR(str_from(p.command->name), commands[i].name);
		buf_init(&out, c->arena);
		parse_help(&out, p.command);
		OK(out.n > 100);
		OK(commands[i].run != NULL);
	}
	OK(parse(c, "--help", &p));
	OK(p.help && !p.command);
}

TEST(the_first_word_of_several_commands_explains_them)
{
	struct buf out;
	struct parsed p;

	OK(parse(c, "member --help", &p));
	OK(p.help && !p.command);
	buf_init(&out, c->arena);
	parse_usage(&out, p.group);
	OK(memmem(out.p, out.n, "  member add ", 13) != NULL);
	OK(memmem(out.p, out.n, "  org create ", 13) == NULL);
	OK(!parse(c, "member", &p));
	EQ_STR(p.group, "member");
	EQ_STR(str_from(c->err.msg), "Which command of member?");
	OK(!parse(c, "member greet --org acme", &p));
	EQ_STR(str_from(c->err.msg), "There is no command \"member greet\"");
	OK(!parse(c, "members --help", &p));
	EQ(p.group.n, 0);
}

TEST(help_names_what_matters_to_the_command)
{
	struct buf out;
	struct parsed p;

	OK(parse(c, "job --help", &p));
	buf_init(&out, c->arena);
	parse_help(&out, p.command);
	OK(memmem(out.p, out.n, "\n  mature ", 10) != NULL);
	OK(memmem(out.p, out.n, "  --database ", 13) != NULL);
	OK(memmem(out.p, out.n, "  --trust-proxy ", 16) == NULL);
	OK(parse(c, "serve --help", &p));
	buf_init(&out, c->arena);
	parse_help(&out, p.command);
	OK(memmem(out.p, out.n, "  --trust-proxy ", 16) != NULL);
}
