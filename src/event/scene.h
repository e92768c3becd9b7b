/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_SCENE_H
#define EVENT_SCENE_H

#include "base/clock.h"
#include "db/fixture.h"
#include "event/event.h"

/*
 * A campaign with one partner in it, for tests of what happens afterwards.
 */

#define SCENE_25_PERCENT \
	"{\"trigger\":\"sale\",\"reward\":{\"type\":\"percentage\",\"value\":\"25\"}," \
	"\"hold_days\":30,\"minimum_payout\":1000}"

struct scene {
	int64_t campaign_id, partner_id, link_id;
};

/* Begin a transaction for organisation 1 and set the scene. Campaign currency USD. */
bool scene_open(struct ctx *c, struct store *s, struct scene *out, const char *terms);
bool scene_close(struct ctx *c, struct store *s);

/*
 * A sale of amount to the customer "cus-<id>", by the partner; a refund (0: of all that is left).
 */
bool scene_sale(struct ctx *c, const struct scene *s, const char *id, int64_t amount,
                struct recorded *out);
bool scene_refund(struct ctx *c, const char *id, const char *sale_id, int64_t amount,
                  struct recorded *out);

#endif
