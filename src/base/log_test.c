/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "unit.h"

static char seen[8192];

static void keep(struct str line)
{
	snprintf(seen, sizeof(seen), "%.*s", STR_ARG(line));
}

/* What follows the time. */
static const char *logged(void)
{
	const char *at = strstr(seen, "level");

	log_set_sink(NULL);
	return at ? at : "";
}

TEST(an_event_is_one_line_of_keys_and_values)
{
	log_set_sink(keep);
	log_event(LOG_WARN, "commit failed", LOG_CSTR("db", "acme"), LOG_INT("org", -7));
	EQ_STR(logged(), "level=warn msg=\"commit failed\" db=acme org=-7");
}

TEST(a_value_can_neither_end_the_line_nor_add_a_key)
{
	log_set_sink(keep);
	log_event(LOG_INFO, "x", LOG_CSTR("v", "a\nlevel=error \"q\" \x1b[2J \xff"),
	          LOG_CSTR("e", ""));
	EQ_STR(logged(), "level=info msg=x v=\"a\\nlevel=error \\\"q\\\" \\u001b[2J \\u00ff\" e=\"\"");
}

TEST(the_log_can_be_json)
{
	log_set_sink(keep);
	log_set_json(true);
	log_event(LOG_ERROR, "grüße", LOG_CSTR("a", "\t\"\\"), LOG_INT("n", 12));
	log_set_json(false);
	EQ_STR(logged(), "level\":\"error\",\"msg\":\"grüße\",\"a\":\"\\t\\\"\\\\\",\"n\":12}");
}

TEST(long_values_are_cut)
{
	char longest[5000];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	log_set_sink(keep);
	log_event(LOG_INFO, "m", LOG_CSTR("a", longest), LOG_CSTR("b", longest),
	          LOG_CSTR("c", longest), LOG_CSTR("d", longest), LOG_CSTR("e", longest));
	OK(strlen(seen) < 4096);
	OK(str_ends(str_from(logged()), "\""));
}

TEST(events_below_the_level_are_not_written)
{
	seen[0] = '\0';
	log_set_sink(keep);
	log_event(LOG_DEBUG, "quiet");
	EQ_STR(logged(), "");
	OK(log_writes(LOG_INFO) && !log_writes(LOG_DEBUG));
}
