/* SPDX-License-Identifier: Apache-2.0 */
#include "partner/self.h"

#include "customer/address.h"
#include "rules/input.h"

unsigned self_holds(struct str partner_email, struct str payout_account, struct str customer_email)
{
	unsigned holds = 0;

	if (address_same(customer_email, partner_email))
		holds |= HOLD_SELF_ADDRESS;
	if (address_same(customer_email, str_trim(payout_account)))
		holds |= HOLD_SELF_PAYOUT;
	return holds;
}
