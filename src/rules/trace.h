/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_TRACE_H
#define RULES_TRACE_H

#include "base/check.h"
#include "rules/engine.h"

/*
 * Inside the engine: the input of one evaluation, and writing down the steps.
 */

struct input {
	const struct terms *terms;
	const struct standing *standing;
	const struct occurrence *event;
};

static inline struct step *trace(struct accrual *a, enum step_code code)
{
	CHECK(a->step_count < STEPS_MAX);

	struct step *s = &a->steps[a->step_count++];

	*s = (struct step){ .code = (uint8_t)code };
	return s;
}

static inline void trace_gate(struct accrual *a, enum gate gate, int64_t is, int64_t needed)
{
	struct step *s = trace(a, STEP_GATE);

	s->why = (uint8_t)gate;
	s->a = is;
	s->b = needed;
}

#endif
