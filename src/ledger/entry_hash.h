/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LEDGER_ENTRY_HASH_H
#define LEDGER_ENTRY_HASH_H

#include "ledger/ledger.h"

/*
 * The hash of an entry, as ledger.h defines it, without an arena: what is hashed is put together
 * on the stack, a kilobyte at a time.
 */

/* LEDGER_HASH_LENGTH lower-case letters, without a NUL. */
void entry_hash(int64_t org_id, const struct entry *e, char out[LEDGER_HASH_LENGTH]);

#endif
