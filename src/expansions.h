/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPANSIONS_H
#define EXPANSIONS_H

#include "api/expand.h"
#include "net/route.h"

/*
 * Which members of which answers may be expanded (api/expand.h), by the names that the shapes have
 * in the API's description (openapi_shapes.c); ends with .of NULL.
 */
extern const struct expansion expansions[];

/* The shape whose members `expand` names in the answer of a route; NULL: it takes no `expand`. */
const char *expansions_root(const struct route *r);

/* Is there a row for this shape? */
bool expansions_of(const char *shape);

#endif
