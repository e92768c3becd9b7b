/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RESTATE_RESTATED_PRINT_H
#define RESTATE_RESTATED_PRINT_H

#include "restate/restated.h"

/* What is stored with an adjustment. */

/*
 * {"sentence", "terms", "restatement", "of", "reason", "steps": […], "judged": […]}: the steps give
 * the commission; judged are the explanations of what the chosen terms give, as for any commission.
 */
struct str restated_explanation(struct ctx *c, const struct restated *x,
                                const struct restate_part *p);

/* The event's attribution: why it is there. */
struct str restated_attribution(struct ctx *c, const struct restated *x);

/* The event's inputs. stopped[i]: the part gets nothing. */
struct str restated_inputs(struct ctx *c, const struct restated *x, const bool *stopped);

#endif
