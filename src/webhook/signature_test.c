/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/signature.h"
#include "unit.h"

#include <stdlib.h>

static const struct signature_input invoice = {
	.id = STR_INIT("msg_1"), .seconds = 1700000000,
	.body = STR_INIT("{\"id\":\"evt_1\",\"type\":\"invoice.paid\"}"),
};

#define KNOWN STR("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3")
#define KNOWN_SIGNATURE "v1,/CLgTnPZNB//dwbiq+aSluu72ln4rTI6aITqVfJs9FY="

TEST(webhook_signatures_are_those_of_the_standard)
{
	struct str one[] = { KNOWN, STR("") };
	struct str late[] = { STR(""), KNOWN };

	EQ_STR(signature_header(c->arena, &invoice, one), KNOWN_SIGNATURE);
	EQ_STR(signature_header(c->arena, &invoice, late), KNOWN_SIGNATURE);
}

TEST(webhook_messages_have_two_signatures_while_a_secret_is_replaced)
{
	struct str fresh = signature_secret(c->arena);
	struct str both[] = { fresh, KNOWN }, alone[] = { fresh, STR("") };
	struct str header = signature_header(c->arena, &invoice, both);
	struct str want = arena_printf(c->arena, "%.*s " KNOWN_SIGNATURE,
	                               STR_ARG(signature_header(c->arena, &invoice, alone)));

	OK(str_eq(header, want));
}

TEST(webhook_secrets_are_32_random_bytes)
{
	struct str a = signature_secret(c->arena), b = signature_secret(c->arena);

	OK(str_starts(a, "whsec_") && str_ends(a, "="));
	EQ(a.n, 6 + 44);
	NO(str_eq(a, b));
}
