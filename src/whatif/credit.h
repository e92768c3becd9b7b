/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WHATIF_CREDIT_H
#define WHATIF_CREDIT_H

#include "rules/attribute.h"
#include "whatif/sale.h"

/*
 * Inside a world that judges again who is credited: the contacts of the customer as the stored
 * attribution lists them, and whose the customer is by what this world has decided before.
 *
 * Not known is what became of the customer in other campaigns.
 */

/* Whose a customer is in a world. */
struct owned {
	const struct owner *owners; /* in the world's arena */
	size_t owner_count;
	int64_t since_ms, invoices;
};

/* The contacts of the event, in c->arena. ERR_STATE if its attribution cannot be read. */
bool credit_read(struct ctx *c, struct happening *h);

/*
 * Of a joint deal that lost, who has which share is not among those: does it lack some, and look
 * them up. The list is then another one in c->arena.
 */
bool credit_lacks(const struct happening *h);
bool credit_agreed(struct ctx *c, struct happening *h);

/*
 * Who is credited in this world: r->standing gets its credits, in `room` for CREDITS_MAX. Who was
 * credited then stands as he stood; others as they do today. False with today's error.
 */
bool credit_judge(struct world *w, const struct happening *h, struct ruling *r,
                  struct credit *room);

/* Whose the customer is after an event that is judged as it was. */
void credit_follow(struct world *w, const struct happening *h);

#endif
