/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_OWN_DEVICE_H
#define CLICK_OWN_DEVICE_H

#include "db/db.h"

/*
 * Devices of partners themselves: with which their people were in the portal on a day. A click of
 * the same day from one of them is the partner's own (click_lookup says so).
 *
 * A device is what click_device makes of a request: a digest under a key of that UTC day, which is
 * no address, and another one the next day. So nothing can be compared but a day with itself. Rows
 * are forgotten after OWN_DEVICE_DAYS; older clicks are taken for anybody's.
 */

#define OWN_DEVICE_DAYS 90

/* Known already: nothing happens. device as click_device_text writes it. */
bool own_device_note(struct ctx *c, int64_t partner_id, int64_t at_ms, struct str device);

bool own_device_is(struct ctx *c, int64_t partner_id, int64_t at_ms, struct str device, bool *out);

/* Forget some of what is older; a step of the job "devices". */
bool own_device_prune(struct ctx *c, bool *out_more);

extern const struct sql *const own_device_sql[];

#endif
