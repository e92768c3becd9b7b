/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/stripe_signature.h"

#include "fuzz.h"

/* The first line is the header, the rest the body: whatever comes, only the right one is good. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str body = { (const char *)data, size };
	struct str header = str_cut(&body, '\n');
	enum stripe_verdict verdict = stripe_verify(header, body, STR("whsec_test"), 1700000000000);

	CHECK(verdict == STRIPE_GOOD || verdict == STRIPE_MALFORMED || verdict == STRIPE_TOO_OLD
	      || verdict == STRIPE_MISMATCH);
	return 0;
}
