/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_REASON_H
#define BASE_REASON_H

#include "base/ctx.h"

/*
 * Why something was refused, in a sentence of its own.
 *
 * Errors say what is wrong beside the name of a field, and many leave it out: "must be at least
 * 1" is right at the input of a form. Elsewhere people read "amount must be at least 1", and of one
 * in a list, counted from 0, "item 3: amount must be at least 1".
 */

/* Does the message leave out what it is about? Never without a field. */
bool reason_lacks_subject(const struct err *e);

/* The message, with its field in front where it leaves that out; "" if there is none. */
struct str reason_text(struct arena *a, const struct err *e);

#endif
