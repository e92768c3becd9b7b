/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/parse.h"

#define NAME_COLUMN 22

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0;
}

/* Does the command's name begin with these words? Returns how many words it has, or 0. */
static int name_words(const struct command *command, int argc, char **argv)
{
	struct str rest = str_from(command->name);
	int n = 0;

	while (rest.p) {
		struct str word = str_cut(&rest, ' ');

		if (n >= argc || !str_is(word, argv[n]))
			return 0;
		n++;
	}
	return n;
}

static const struct command *find(int argc, char **argv, int *out_words)
{
	for (size_t i = 0; i < command_count; i++) {
		*out_words = name_words(&commands[i], argc, argv);
		if (*out_words > 0)
			return &commands[i];
	}
	return NULL;
}

static bool wrong(struct ctx *c, const char *what, struct str name)
{
	return fail(c, ERR_INVALID, NULL, "%s \"%.*s\"", what, STR_ARG(name));
}

/* Does the command have two words, and is this the first? */
static bool in_group(const struct command *command, struct str group)
{
	struct str rest = str_from(command->name);

	return str_eq(str_cut(&rest, ' '), group) && rest.p;
}

static bool is_group(struct str word)
{
	for (size_t i = 0; i < command_count; i++)
		if (in_group(&commands[i], word))
			return true;
	return false;
}

/* "org" is no command, but "org create" and others are. */
static bool no_command(struct ctx *c, int argc, char **argv, struct parsed *out)
{
	struct str first = str_from(argv[0]);

	if (!is_group(first))
		return wrong(c, "There is no command", first);
	out->group = first;
	if (argc > 1 && is_help(argv[1]))
		return out->help = true;
	if (argc == 1 || argv[1][0] == '-')
		return fail(c, ERR_INVALID, NULL, "Which command of %.*s?", STR_ARG(first));
	return wrong(c, "There is no command",
	             arena_printf(c->arena, "%s %s", argv[0], argv[1]));
}

/* The words that are left to read. */
struct words {
	int argc, at;
	char **argv;
};

static bool next_value(struct ctx *c, struct words *w, struct str name, struct str given,
                       struct str *out)
{
	*out = given;
	if (given.p)
		return true;
	if (w->at >= w->argc)
		return fail(c, ERR_INVALID, NULL, "--%.*s needs a value", STR_ARG(name));
	*out = str_from(w->argv[w->at++]);
	return true;
}

static bool alone(enum cli_kind kind)
{
	return kind == CLI_FLAG || kind == CLI_INPUT;
}

/* An option of the command itself. */
static bool own_option(struct ctx *c, struct words *w, struct parsed *p, struct str name,
                       struct str given)
{
	const struct cli_option *o = p->command->options;
	size_t i = 0;

	while (i < CLI_OPTIONS_MAX && o[i].name && !str_is(name, o[i].name))
		i++;
	if (i == CLI_OPTIONS_MAX || !o[i].name)
		return wrong(c, "There is no option",
		             arena_printf(c->arena, "--%.*s", STR_ARG(name)));
	if (p->values[i].p)
		return wrong(c, "Given twice:", name);
	if (!alone(o[i].kind))
		return next_value(c, w, name, given, &p->values[i]);
	p->values[i] = STR("yes");
	return !given.p || wrong(c, "This option takes no value:", name);
}

static bool yes_or_no(const char *text)
{
	return strcmp(text, "yes") == 0 || strcmp(text, "no") == 0;
}

static bool setting(struct ctx *c, struct words *w, struct parsed *p, struct str name,
                    struct str given)
{
	struct settings_flag *f = &p->flags[p->flag_count++];
	bool stands_alone;

	f->name = name;
	settings_has_flag(name, &stands_alone);
	if (stands_alone && !given.p) {
		f->value = w->at < w->argc && yes_or_no(w->argv[w->at]) ? str_from(w->argv[w->at++])
		                                                        : STR("yes");
		return true;
	}
	return next_value(c, w, name, given, &f->value);
}

static bool is_own(const struct parsed *p, struct str name)
{
	const struct cli_option *o = p->command->options;

	for (size_t i = 0; i < CLI_OPTIONS_MAX && o[i].name; i++)
		if (str_is(name, o[i].name))
			return true;
	return false;
}

static bool word(struct ctx *c, struct words *w, struct parsed *p)
{
	struct str text = str_from(w->argv[w->at++]), given = text, name;
	bool stands_alone;

	if (is_help(text.p)) {
		p->help = true;
		return true;
	}
	if (!str_starts(text, "--")) {
		if (!p->command->positional || p->positional.p)
			return wrong(c, "There is nothing to do with", text);
		p->positional = text;
		return true;
	}
	given = str_slice(text, 2, SIZE_MAX);
	name = str_cut(&given, '=');
	if (!is_own(p, name) && settings_has_flag(name, &stands_alone))
		return setting(c, w, p, name, given);
	return own_option(c, w, p, name, given);
}

static bool complete(struct ctx *c, const struct parsed *p)
{
	const struct cli_option *o = p->command->options;

	if (p->command->positional && !p->positional.p)
		return fail(c, ERR_INVALID, NULL, "%s is missing", p->command->positional);
	for (size_t i = 0; i < CLI_OPTIONS_MAX && o[i].name; i++)
		if (o[i].required && !p->values[i].p)
			return fail(c, ERR_INVALID, NULL, "--%s is missing", o[i].name);
	return true;
}

bool parse_words(struct ctx *c, int argc, char **argv, struct parsed *out)
{
	struct words w = { .argc = argc, .argv = argv };
	int words = 0;

	*out = (struct parsed){ .flags = ARENA_ARRAY(c->arena, struct settings_flag,
	                                             (size_t)argc + 1) };
	if (argc == 0)
		return fail(c, ERR_INVALID, NULL, "Which command?");
	if (is_help(argv[0])) {
		out->help = true;
		return true;
	}
	out->command = find(argc, argv, &words);
	if (!out->command)
		return no_command(c, argc, argv, out);
	w.at = words;
	while (w.at < argc && !out->help)
		if (!word(c, &w, out))
			return false;
	return out->help || complete(c, out);
}

static void pad(struct buf *out, size_t start, size_t width)
{
	do
		buf_char(out, ' ');
	while (out->n - start < width);
}

void parse_usage(struct buf *out, struct str group)
{
	buf_printf(out, "Usage: partnerd %.*s%sCOMMAND [OPTION]...\n\n", STR_ARG(group),
	           group.n > 0 ? " " : "");
	for (size_t i = 0; i < command_count; i++) {
		size_t start = out->n;

		if (group.n > 0 && !in_group(&commands[i], group))
			continue;
		buf_printf(out, "  %s", commands[i].name);
		pad(out, start, NAME_COLUMN);
		buf_printf(out, "%s\n", commands[i].what);
	}
	buf_printf(out, "\npartnerd %.*s%sCOMMAND --help tells more."
	                " Exit: 0 done, 1 failed, 2 wrong usage.\n",
	           STR_ARG(group), group.n > 0 ? " " : "");
}

static void help_option(struct buf *out, const struct cli_option *o)
{
	size_t start = out->n;

	buf_printf(out, "  --%s%s%s", o->name, alone(o->kind) ? "" : " ", o->value ? o->value : "");
	pad(out, start, 26);
	buf_printf(out, "%s%s\n", o->what, o->required ? " (required)" : "");
}

void parse_help(struct buf *out, const struct command *command)
{
	buf_printf(out, "Usage: partnerd %s%s%s [OPTION]...\n\n%s\n", command->name,
	           command->positional ? " " : "", command->positional ? command->positional : "",
	           command->what);
	if (command->options[0].name)
		buf_puts(out, "\nOptions:\n");
	for (size_t i = 0; i < CLI_OPTIONS_MAX && command->options[i].name; i++)
		help_option(out, &command->options[i]);
	if (command->more)
		command->more(out);
	buf_puts(out, "\nSettings, also from the environment (PARTNERD_NAME) and partnerd.conf:\n");
	settings_help(out, command->serves);
	if (!command->serves)
		buf_puts(out, "\nThe other settings are of the server alone: partnerd serve --help.\n");
}
