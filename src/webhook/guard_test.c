/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/guard.h"
#include "unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

static bool public(const char *text)
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
		return guard_public((const struct sockaddr *)&four);
	EQ(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
	return guard_public((const struct sockaddr *)&six);
}

TEST(webhooks_never_go_into_networks_that_are_not_public)
{
	static const char *const closed[] = {
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255",
		"127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
		"198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.2.3",
		"240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
		"::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1",
		"2001:0:7f00:1::", "2001:db8::1", "2002:7f00:1::", "3fff::1", "fc00::1",
		"fd12:3456::1", "fe80::1", "fec0::1", "ff02::1", "5f00::1",
	};
	struct sockaddr strange = { .sa_family = AF_UNIX };

	for (size_t i = 0; i < LEN(closed); i++)
		if (public(closed[i]))
			EQ_STR(str_from(closed[i]), "not taken for public");
	NO(guard_public(&strange));
}

TEST(webhooks_go_to_public_addresses)
{
	static const char *const open[] = {
		"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
		"126.255.255.255", "128.0.0.1", "172.15.255.255", "172.32.0.0", "192.167.1.1",
		"192.169.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255",
		"::ffff:1.1.1.1", "2001:200::1", "2606:4700:4700::1111", "2a00:1450::1",
	};

	for (size_t i = 0; i < LEN(open); i++)
		if (!public(open[i]))
			EQ_STR(str_from(open[i]), "taken for public");
}

TEST(endpoints_are_https_addresses_on_public_hosts)
{
	static const char *const good[] = {
		"https://example.com", "https://example.com/hooks?a=b", "https://example.com:8443/x",
		"https://1.1.1.1/", "https://[2606:4700:4700::1111]/",
	};
	static const char *const bad[] = {
		"", "x", "example.com/hooks", "http://example.com/", "ftp://example.com/",
		"file:///etc/passwd", "https://", "https:///x", "https://a b/", "https://a@example.com/",
		"https://a:b@example.com/", "https://example.com/#x", "https://example.com:99999/",
		"https://localhost/", "https://127.0.0.1/", "https://127.1/", "https://2130706433/",
		"https://0x7f.1/", "https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/",
		"https://[fe80::1%25eth0]/", "https://169.254.169.254/latest",
	};

	for (size_t i = 0; i < LEN(good); i++)
		OK(guard_url(c, str_from(good[i]), false));
	for (size_t i = 0; i < LEN(bad); i++) {
		if (guard_url(c, str_from(bad[i]), false))
			EQ_STR(str_from(bad[i]), "refused");
		EQ(c->err.code, ERR_INVALID);
		EQ_STR(str_from(c->err.field), "url");
		fail_clear(c);
	}
}

TEST(endpoints_may_be_in_the_own_network_where_the_setting_says_so)
{
	OK(guard_url(c, STR("http://127.0.0.1:8081/hooks"), true));
	OK(guard_url(c, STR("https://localhost/"), true));
	NO(guard_url(c, STR("ftp://127.0.0.1/"), true));
	NO(guard_url(c, STR("http://a:b@127.0.0.1/"), true));
}
