/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_TRACK_CLICK_H
#define EVENT_TRACK_CLICK_H

#include "base/ctx.h"

#include <jansson.h>

/*
 * A click that a caller reports: {slug | code, url?, referrer?, user_agent?, ip?, occurred_at?}.
 *
 * Clicks do not go through the database but through the journal, which knows no transactions:
 * beside other events of one transaction, a click is kept when that is committed. ERR_INVALID
 * names the field.
 */

/* Keep it now. ERR_FULL where the journal has no room. */
bool track_click(struct ctx *c, const json_t *body, int64_t *out_id);

/*
 * Keep it with the commit of the transaction at hand. ERR_FULL, before anything is committed, where
 * the journal has hardly any room left; keeping it can fail only if others fill all that meanwhile.
 */
bool track_click_later(struct ctx *c, const json_t *body, int64_t *out_id);

#endif
