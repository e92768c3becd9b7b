/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PARTNER_SELF_H
#define PARTNER_SELF_H

#include "partner/partner.h"

/*
 * Self-referral: what says that a customer is the partner itself.
 *
 * Only what is known counts: the address the customer gave, against the partner's own and against
 * its payout account, where that is an address (as with PayPal). Mailboxes are compared, so letter
 * case and what follows a plus sign do not matter. Devices are compared where clicks are
 * (click/own_device.h).
 */

/* HOLD_SELF_ADDRESS, HOLD_SELF_PAYOUT, both or 0. */
unsigned self_holds(struct str partner_email, struct str payout_account, struct str customer_email);

#endif
