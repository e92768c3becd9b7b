/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/cli.h"

/*
 * Words of the command line: a command, its options, and settings, which every
 * command takes as well. --name VALUE and --name=VALUE are the same; a setting that is yes or no
 * may stand alone and is yes then.
 */

struct parsed {
	const struct command *command; /* NULL: help or version, see below */
	struct str group; /* "org" of "org --help", where there is no such command but some begin so */
	bool help;
	struct str values[CLI_OPTIONS_MAX];
	struct str positional;
	struct settings_flag *flags;
	size_t flag_count;
};

/* False with ERR_INVALID and a reason: wrong usage. */
bool parse_words(struct ctx *c, int argc, char **argv, struct parsed *out);

/* Of the program, or of the commands that begin with the word `group`; the empty string: all. */
void parse_usage(struct buf *out, struct str group);
void parse_help(struct buf *out, const struct command *command); /* of a command */

#endif
