/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_EXPLAINED_H
#define VERIFY_EXPLAINED_H

#include "commission/commission.h"
#include "event/event.h"
#include "verify/verify.h"

/*
 * Explained: is a commission what its explanation says, and does that begin with its event?
 * terms_id are the terms that were in force when the event happened; 0: there were none. A
 * restatement goes by those of its run.
 */
void explained_check(struct verify *v, const struct commission *m, const struct event *e,
                     int64_t terms_id);

#endif
