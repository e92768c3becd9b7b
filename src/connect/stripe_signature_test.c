/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_signature.h"

#include "unit.h"

#define BODY STR("{\"id\":\"evt_1\",\"type\":\"invoice.paid\"}")
#define GOOD "v1=4aa90aa69730f112c87accbf54203d1076675eae3b18a5cb82b5ab9e7f5cd5bc"
#define AT 1700000000000

TEST(a_signature_of_stripe_is_known_by_its_published_vector)
{
	struct str secret = STR("whsec_test");

	EQ(stripe_verify(STR("t=1700000000," GOOD), BODY, secret, AT), STRIPE_GOOD);
	EQ(stripe_verify(STR("t=1700000000,v1=00," GOOD ",v0=1"), BODY, secret, AT), STRIPE_GOOD);
	EQ(stripe_verify(STR("t=1700000000," GOOD), BODY, secret, AT + 300999), STRIPE_GOOD);
	EQ(stripe_verify(STR("t=1700000000," GOOD), BODY, secret, AT + 301000), STRIPE_TOO_OLD);
	EQ(stripe_verify(STR("t=1700000000," GOOD), BODY, secret, AT - 301000), STRIPE_TOO_OLD);
	EQ(stripe_verify(STR("t=1700000001," GOOD), BODY, secret, AT), STRIPE_MISMATCH);
	EQ(stripe_verify(STR("t=1700000000," GOOD), BODY, STR("whsec_other"), AT), STRIPE_MISMATCH);
	EQ(stripe_verify(STR("t=1700000000," GOOD), STR("{}"), secret, AT), STRIPE_MISMATCH);
	EQ(stripe_verify(STR("t=1700000000,v0=4aa90a"), BODY, secret, AT), STRIPE_MISMATCH);
	EQ(stripe_verify(STR(GOOD), BODY, secret, AT), STRIPE_MALFORMED);
	EQ(stripe_verify(STR("t=x," GOOD), BODY, secret, AT), STRIPE_MALFORMED);
	EQ(stripe_verify(STR(""), BODY, secret, AT), STRIPE_MALFORMED);
}
