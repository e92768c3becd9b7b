/* SPDX-License-Identifier: Apache-2.0 */
#include "click/anonymiser.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* What a file of this text gives; NULL: refused. */
static struct anonymisers *from(struct ctx *c, const char *text)
{
	char path[] = "/tmp/anonymisers-XXXXXX";
	int fd = mkstemp(path);
	struct anonymisers *a = NULL;

	OK(fd >= 0);
	OK(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	OK(anonymisers_read(c, str_from(path), &a) == (a != NULL));
	unlink(path);
	return a;
}

static bool have(const struct anonymisers *a, const char *ip)
{
	return anonymisers_have(a, str_from(ip));
}

TEST(an_address_is_found_in_its_network_and_nowhere_else)
{
	struct anonymisers *a = from(c, "# exits\n203.0.113.7\n\n198.51.100.0/24 # a hall\n"
	                                "198.51.100.128/25\n2001:db8::/32\n10.0.0.0/8");

	OK(a);
	OK(have(a, "203.0.113.7") && have(a, "::ffff:203.0.113.7"));
	NO(have(a, "203.0.113.6"));
	NO(have(a, "203.0.113.8"));
	OK(have(a, "198.51.100.0") && have(a, "198.51.100.127") && have(a, "198.51.100.255"));
	NO(have(a, "198.51.101.0"));
	NO(have(a, "198.51.99.255"));
	OK(have(a, "2001:db8:ffff::1"));
	NO(have(a, "2001:db9::"));
	OK(have(a, "10.255.255.255"));
	NO(have(a, "9.255.255.255"));
	NO(have(a, ""));
	NO(have(a, "nonsense"));
	anonymisers_free(a);
}

TEST(without_a_file_nobody_is_one)
{
	struct anonymisers *a;

	OK(anonymisers_read(c, STR(""), &a));
	OK(a == NULL);
	NO(have(a, "203.0.113.7"));
	a = from(c, "# nobody\n");
	OK(a);
	NO(have(a, "203.0.113.7"));
	anonymisers_free(a);
}

TEST(a_line_that_is_wrong_is_named)
{
	struct anonymisers *a;

	OK(from(c, "203.0.113.7\nexit.example\n") == NULL);
	EQ(c->err.code, ERR_INVALID);
	OK(strstr(c->err.msg, "line 2: \"exit.example\"") != NULL);
	fail_clear(c);
	NO(anonymisers_read(c, STR("/nowhere/at-all"), &a));
	EQ(c->err.code, ERR_STORAGE);
	fail_clear(c);
}
