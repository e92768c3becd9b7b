/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DEMO_REGISTRATIONS_H
#define DEMO_REGISTRATIONS_H

#include "demo/story.h"

/* The deals that partners of the demo register, and what becomes of them, on their days. */

/* One call for each day. Inside a WRITE task. */
bool registrations_day(struct ctx *c, struct story *s);

#endif
