/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_signature.h"
#include "fuzz.h"

/*
 * The first line is the header, the rest the body: only the right one is good, at the right time.
 */
FUZZ
{
	struct str body = text;
	struct str header = str_cut(&body, '\n');
	enum stripe_verdict now = stripe_verify(header, body, STR("whsec_test"), 1700000000000);
	enum stripe_verdict later = stripe_verify(header, body, STR("whsec_test"), 1800000000000);

	(void)c;
	CHECK(now != STRIPE_GOOD || later == STRIPE_TOO_OLD);
	CHECK((now == STRIPE_MISMATCH) == (later == STRIPE_MISMATCH));
}
