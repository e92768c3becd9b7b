/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ROUTES_H
#define ROUTES_H

#include "net/route.h"

/* Every URL the server answers, in one table; and the same as text, for people and for a test. */
extern const struct route routes[];
extern const size_t route_count;

void routes_print(struct buf *out);

#endif
