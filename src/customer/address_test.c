/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/address.h"

#include "unit.h"

TEST(plus_parts_and_letter_case_do_not_make_another_mailbox)
{
	OK(address_same(STR("Bob+news@Example.com"), STR("bob@example.com")));
	OK(address_same(STR("bob@example.com"), STR("BOB@example.COM")));
	NO(address_same(STR("bob@example.com"), STR("bob@example.co")));
	NO(address_same(STR("bob@example.co"), STR("bob@example.com")));
	NO(address_same(STR(""), STR("")));
	NO(address_same(STR("+@x.com"), STR("a@x.com")));
}

TEST(a_canonical_address_is_in_lower_case_and_without_its_plus_part)
{
	EQ_STR(address_canonical(c->arena, STR("Bob+a+b@Example.com")), "bob@example.com");
	EQ_STR(address_canonical(c->arena, STR("bob+nothing")), "bob");
	EQ_STR(address_canonical(c->arena, STR("")), "");
}
