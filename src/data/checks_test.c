/* SPDX-License-Identifier: Apache-2.0 */
#include "data/checks.h"

#include "unit.h"

#define GOOD(check, ...) try_all(c, check, true, (const char *const[]){ __VA_ARGS__, NULL })
#define BAD(check, ...) try_all(c, check, false, (const char *const[]){ __VA_ARGS__, NULL })

static void try_all(struct ctx *c, const char *(*check)(struct str), bool good,
                    const char *const *texts)
{
	for (; *texts; texts++)
		if ((check(str_from(*texts)) == NULL) != good)
			FAIL("\"%s\" should be %s", *texts, good ? "accepted" : "refused");
	(void)c;
}

TEST(addresses_have_one_at_and_a_domain)
{
	GOOD(check_email, "a@b.co", "first.last+tag@example.com", "o'neil@sub.example.org",
	     "j\xC3\xBCrgen@b\xC3\xBC" "cher.example");
	BAD(check_email, "", "a", "@b.co", "a@", "a@b", "a@@b.co", "a b@c.de", "a@b..co", "a@.co",
	    "a@b.co.", "<a@b.co>", "a@b.co,c@d.ef", "a\n@b.co", "a@b_c.de");
}

TEST(destinations_are_web_addresses)
{
	GOOD(check_url, "https://example.com", "http://localhost:3000/a?b=c#d",
	     "https://example.com/\xC3\xA4");
	BAD(check_url, "", "example.com", "ftp://example.com", "javascript:alert(1)", "https://",
	    "https:///path", "https://a b.com", "HTTPS//x", "https://exa\"mple.com");
}

TEST(slugs_countries_and_currencies_are_plain)
{
	GOOD(check_slug, "a", "Spring-Sale_2026");
	BAD(check_slug, "", "a b", "a/b", "\xC3\xA4", "a.b");
	GOOD(check_country, "", "DE", "US");
	BAD(check_country, "de", "DEU", "D1");
	GOOD(check_currency, "USD", "EUR", "JPY", "BHD");
	BAD(check_currency, "", "usd", "US", "ZZZ");
}

TEST(masked_addresses_keep_first_letters_only)
{
	EQ_STR(email_mask(c->arena, STR("jane@example.com")), "j***@e***.com");
	EQ_STR(email_mask(c->arena, STR("\xC3\xA4@x")), "\xC3\xA4***@x***");
	EQ_STR(email_mask(c->arena, STR("")), "");
	EQ_STR(email_fold(c->arena, STR(" Jane@Example.COM ")), "jane@example.com");
}
