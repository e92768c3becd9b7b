/* SPDX-License-Identifier: Apache-2.0 */
#include "base/network.h"
#include "unit.h"

static struct network only(struct ctx *c, const char *text)
{
	struct network_list list;

	OK(network_list_read(c, "ips", str_from(text), &list));
	EQ(list.count, 1);
	return list.at[0];
}

static struct str text_of(struct ctx *c, const char *text)
{
	struct network_list list;

	OK(network_list_read(c, "ips", str_from(text), &list));
	return network_list_text(c->arena, &list);
}

static bool has(struct ctx *c, const char *outer, const char *inner)
{
	struct network o = only(c, outer), i = only(c, inner);

	return network_has(&o, &i);
}

TEST(a_network_has_its_addresses_and_no_others)
{
	static const char *const rows[][3] = {
		{ "203.0.113.0/24", "203.0.113.0", "203.0.112.255" },
		{ "203.0.113.0/24", "203.0.113.255", "203.0.114.0" },
		{ "203.0.113.128/25", "203.0.113.128", "203.0.113.127" },
		{ "203.0.113.8/31", "203.0.113.9", "203.0.113.10" },
		{ "203.0.113.8/32", "203.0.113.8", "203.0.113.9" },
		{ "203.0.113.8", "203.0.113.8", "203.0.113.0" },
		{ "128.0.0.0/1", "255.255.255.255", "127.255.255.255" },
		{ "0.0.0.0/0", "255.255.255.255", "2001:db8::1" },
		{ "2001:db8::/32", "2001:db8:ffff::1", "2001:db9::" },
		{ "2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::" },
		{ "2001:db8::7", "2001:db8::7", "2001:db8::8" },
		{ "::/0", "ffff::1", "10.0.0.1" },
		{ "10.0.0.0/8", "10.1.0.0/16", "0.0.0.0/0" },
		{ "10.1.0.0/16", "10.1.0.0/16", "10.0.0.0/8" },
	};

	for (size_t i = 0; i < LEN(rows); i++)
		if (!has(c, rows[i][0], rows[i][1]) || has(c, rows[i][0], rows[i][2]))
			FAIL("row %zu: %s", i, rows[i][0]);
}

TEST(an_ipv4_address_is_the_same_however_it_is_written)
{
	OK(has(c, "203.0.113.0/24", "::ffff:203.0.113.7"));
	OK(has(c, "::ffff:203.0.113.0/120", "203.0.113.7"));
	OK(has(c, "203.0.113.7", "::FFFF:CB00:7107"));
	NO(has(c, "::/0", "::ffff:203.0.113.7"));
	NO(has(c, "::/64", "203.0.113.7"));
	NO(has(c, "0.0.0.0/0", "::203.0.113.7"));
	EQ_STR(text_of(c, "::ffff:203.0.113.0/120"), "203.0.113.0/24");
}

TEST(lists_are_kept_in_one_form_each_entry_once)
{
	EQ_STR(text_of(c, ""), "");
	EQ_STR(text_of(c, " ,\r\n\t, "), "");
	EQ_STR(text_of(c, "203.0.113.7"), "203.0.113.7");
	EQ_STR(text_of(c, "203.0.113.7/32 2001:DB8:0:0::7/128"), "203.0.113.7,2001:db8::7");
	EQ_STR(text_of(c, "10.0.0.0/8,\r\n2001:db8::/32\n 10.0.0.0/8 , ::/0, 0.0.0.0/0"),
	       "10.0.0.0/8,2001:db8::/32,::/0,0.0.0.0/0");
}

TEST(what_is_no_address_or_network_is_named)
{
	static const char *const bad[] = {
		"203.0.113.0/33", "2001:db8::/129", "203.0.113.0/", "203.0.113.0/-1",
		"203.0.113.0/+8", "203.0.113.0/08", "203.0.113.0/ 8", "203.0.113.0/8/8",
		"203.0.113.0/24x", "203.0.113.0/99999999999999999999", "203.0.113", "203.0.113.256",
		"203.0.113.07", "0x7f.0.0.1", "2130706433", "shop.example", "localhost", "*", "/24",
		"2001:db8", "2001:db8:::1", "[2001:db8::1]", "fe80::1%eth0", "203.0.113.7:443",
		"203.0.113.1-203.0.113.9", "203.0.113.*", "203.0.113.7;203.0.113.8",
		"203.0.113.0/255.255.255.0", "anywhere",
	};
	struct network_list list;
	struct network n;

	for (size_t i = 0; i < LEN(bad); i++) {
		struct str entry = str_from(bad[i]), first = str_cut(&entry, ' ');

		if (network_list_read(c, "ips", str_from(bad[i]), &list))
			EQ_STR(str_from(bad[i]), "refused");
		OK(memmem(c->err.msg, strlen(c->err.msg), first.p, first.n) != NULL);
		FAILS(network_list_read(c, "ips", str_from(bad[i]), &list), ERR_INVALID, "ips");
	}
	NO(network_address(STR(""), &n));
	NO(network_address(STR("203.0.113.0/24"), &n));
	NO(network_address(STR("203.0.113.7\0x"), &n));
}

TEST(bits_behind_the_prefix_are_refused_with_what_may_be_meant)
{
	struct network_list list;

	NO(network_list_read(c, "ips", STR("10.0.0.0/8, 203.0.113.7/24"), &list));
	EQ_STR(str_from(c->err.msg), "\"203.0.113.7/24\" is an address inside a network: write"
	                             " 203.0.113.0/24 for the network, or the address without the"
	                             " slash");
	FAILS(network_list_read(c, "ips", STR("2001:db8::1/32"), &list), ERR_INVALID, "ips");
	FAILS(network_list_read(c, "ips", STR("0.0.0.1/0"), &list), ERR_INVALID, "ips");
	FAILS(network_list_read(c, "ips", STR("::ffff:0:0/64"), &list), ERR_INVALID, "ips");
}

TEST(a_list_has_at_most_twenty_networks)
{
	struct network_list list;
	struct buf b;

	buf_init(&b, c->arena);
	for (int i = 0; i < NETWORK_LIST_MAX; i++)
		buf_printf(&b, "10.0.%d.0/24,10.0.%d.0/24 ", i, i);
	OK(network_list_read(c, "ips", buf_text(&b), &list));
	EQ(list.count, NETWORK_LIST_MAX);
	buf_puts(&b, "10.1.0.0/24");
	FAILS(network_list_read(c, "ips", buf_text(&b), &list), ERR_INVALID, "ips");
}

TEST(a_message_has_whole_letters_of_a_long_entry)
{
	struct network_list list;

	NO(network_list_read(c, "ips", STR("aääääääääääääääääääääääääääääääääääää"), &list));
	OK(str_is_text(str_from(c->err.msg)));
}

TEST(the_network_around_an_address_is_shorter)
{
	struct network n = only(c, "203.0.113.7");
	struct buf b;

	buf_init(&b, c->arena);
	n = network_around(&n, 96 + 20);
	network_put(&b, &n);
	EQ_STR(buf_text(&b), "203.0.112.0/20");
}
