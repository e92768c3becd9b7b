/* SPDX-License-Identifier: Apache-2.0 */
#include "org/tracking.h"

#include "unit.h"

TEST(a_tracking_host_is_a_name_of_two_parts_or_more)
{
	static const char *const good[] = { "", "go.acme.com", "a.io", "Go.ACME.com", "x-1.example",
		                            "xn--mnchen-3ya.de" };
	static const char *const bad[] = { "acme", "a..b", ".a.b", "a.b.", "-a.b", "a-.b", "a b.c",
		                           "a_b.c", "127.0.0.1", "go.acme.com:8080", "https://a.b",
		                           "a.b/c", "münchen.de", "a.b\n" };

	for (size_t i = 0; i < LEN(good); i++)
		OK(tracking_check_host(str_from(good[i])) == NULL);
	for (size_t i = 0; i < LEN(bad); i++)
		OK(tracking_check_host(str_from(bad[i])) != NULL);
}
