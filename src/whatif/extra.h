/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_EXTRA_H
#define WHATIF_EXTRA_H

#include "whatif/world.h"

/*
 * Extra events: what the calendar's jobs would have made under other terms and did not, because
 * the terms of then paid nothing for it: months of retainers, hours of clicks.
 *
 * They belong to those who were engaged and whose links were used, with the standing of today.
 */

struct extra {
	struct event event;      /* received when its job would have made it */
	int64_t quantity, quantity_of;
	int64_t month;           /* in the organisation's time zone */
};

struct extras {
	struct ctx *c;           /* its arena lasts */
	struct today *today;
	const struct campaign *campaign;
	const struct whatif_ask *ask;
	struct str zone;
	struct extra *all;       /* by when they were received */
	size_t count, room, at;
};

/* Find those of a kind, up to c->now_ms. ERR_TOO_LARGE if there are too many clicks. */
bool extra_find(struct extras *x, enum trigger kind);

/* The order in which they come; after the last extra_find. */
void extra_sort(struct extras *x);

/* The next one that was received by now_ms; false if there is none. */
bool extra_next(struct extras *x, int64_t now_ms, const struct extra **out);

/* As worlds judge it; *out is valid until the next call. False with the error in x->c. */
bool extra_happen(struct extras *x, const struct extra *e, struct happening *out);

#endif
