/* SPDX-License-Identifier: Apache-2.0 */
#include "customer/account.h"

#include "customer/mail_host.h"
#include "customer/referral.h"
#include "db/fixture.h"

TEST(a_company_is_behind_its_own_mail_host_only)
{
	EQ_STR(account_host(c->arena, STR("Jane+x@Acme.Example")), "acme.example");
	EQ_STR(account_host(c->arena, STR("jane@gmail.com")), "");
	EQ_STR(account_host(c->arena, STR("jane@mail.uk.yahoo.com")), "");
	EQ_STR(account_host(c->arena, STR("")), "");
	OK(mail_host_is_public(STR("126.com")) && mail_host_is_public(STR("zoho.com")));
	NO(mail_host_is_public(STR("mygmail.com")));
	NO(mail_host_is_public(STR("com")));
}

TEST(a_domain_may_be_typed_or_pasted)
{
	EQ_STR(account_domain(c->arena, STR("Acme.Example")), "acme.example");
	EQ_STR(account_domain(c->arena, STR(" https://www.acme.example:443/about?x=1 ")),
	       "acme.example");
	EQ_STR(account_domain(c->arena, STR("http://acme.example?x")), "acme.example");
	EQ_STR(account_domain(c->arena, STR("acme")), "");
	EQ_STR(account_domain(c->arena, STR("jane@acme.example")), "");
	EQ_STR(account_domain(c->arena, STR("acme..example")), "");
	EQ_STR(account_domain(c->arena, STR("")), "");
}

static const struct sql SQL_COUNT = {
	.text = "SELECT COUNT(*) AS n FROM customer_account WHERE org_id = $1",
};

static bool arrive(struct ctx *c, const char *id, const char *email, struct customer *cu)
{
	*cu = (struct customer){ .external_id = str_from(id), .email = str_from(email) };
	return referral_create(c, cu);
}

static size_t known(struct ctx *c, const char *email)
{
	struct account_keys keys = { 0 };
	struct list found;

	account_add_address(&keys, c->arena, str_from(email));
	OK(account_customers(c, &keys, &found));
	return found.count;
}

/* So that a registration costs no more than some milliseconds, however many there are. */
STORE_TEST(many_who_have_not_been_met_are_left_to_the_job)
{
	struct account_keys keys = { 0 };
	struct customer cu;
	struct list found;
	bool more = true;

	OK(fixture_write(c, s, 1));
	for (int i = 0; i < 1100; i++)
		OK(arrive(c, arena_printf(c->arena, "c%d", i).p, "jane@acme.example", &cu));
	account_add_address(&keys, c->arena, STR("jane@acme.example"));
	FAILS(account_customers(c, &keys, &found), ERR_BUSY, "");
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 1));
	while (more)
		OK(account_begin(c, &more));
	OK(account_customers(c, &keys, &found));
	EQ(found.count, 50);
	OK(arrive(c, "last", "jane@acme.example", &cu));
	OK(account_follow(c, &more) && !more);
	OK(account_customers(c, &keys, &found));
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 2));
	OK(arrive(c, "x", "jane@acme.example", &cu));
	OK(account_follow(c, &more) && !more); /* nobody has asked there */
	EQ(db_int(c, &SQL_COUNT, NO_ARGS, &cu.id), true);
	EQ(cu.id, 0);
	OK(fixture_commit(c, s));
}

STORE_TEST(customers_are_found_by_mailbox_or_company)
{
	struct customer cu;

	OK(fixture_write(c, s, 1));
	OK(arrive(c, "a", "jane@acme.example", &cu));
	OK(arrive(c, "b", "Joe@gmail.com", &cu));
	EQ(known(c, "sales@acme.example"), 1);
	EQ(known(c, "joe+deals@gmail.com"), 1);
	EQ(known(c, "jack@gmail.com"), 0);
	OK(arrive(c, "c", "john@acme.example", &cu));
	OK(arrive(c, "d", "", &cu));
	EQ(known(c, "john@acme.example"), 2);
	cu.email = STR("jill@acme.example");
	OK(referral_save(c, &cu) && account_note(c, &cu));
	EQ(known(c, "john@acme.example"), 3);
	OK(fixture_commit(c, s));
	OK(fixture_write(c, s, 2));
	EQ(known(c, "jane@acme.example"), 0);
	OK(fixture_commit(c, s));
}
