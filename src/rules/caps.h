/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_CAPS_H
#define RULES_CAPS_H

#include "rules/trace.h"

/*
 * Inside the engine: limit one earning by the caps, in the terms' order (partner, customer,
 * campaign). cap_used is the earning partner's. Earlier earnings of the same event count as used.
 */
void caps_apply(const struct input *in, const int64_t *cap_used, struct accrual *a,
                struct earning *e);

#endif
