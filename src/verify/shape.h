/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VERIFY_SHAPE_H
#define VERIFY_SHAPE_H

#include "verify/step.h"

/*
 * Shapes: nearly all explanations say the same with other numbers. The steps of a few that were
 * scanned are kept, with the places of their numbers and of the longer texts; another one that has
 * the same bytes everywhere else has the same steps, and only those places are read.
 */

struct shapes;

struct shapes *shapes_new(void);
void shapes_free(struct shapes *all);

/* As step_scan(); it has called fn for nothing where no step could be read. */
bool shapes_scan(struct shapes *all, struct str explanation,
                 void (*fn)(const struct step *s, void *arg), void *arg);

#endif
