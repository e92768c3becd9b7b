/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_ADDRESS_H
#define CUSTOMER_ADDRESS_H

#include "base/arena.h"

#include <stdbool.h>

/*
 * E-mail addresses as mailboxes: letter case does not matter, and neither does what
 * follows a plus sign before the "@".
 */

/* Lower case (ASCII), without the plus part. */
struct str address_canonical(struct arena *a, struct str address);

/* The same mailbox? Two empty addresses are not. */
bool address_same(struct str a, struct str b);

#endif
