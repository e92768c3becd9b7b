/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_LOOKUP_H
#define CLICK_LOOKUP_H

#include "click/click.h"
#include "db/db.h"

/*
 * Find a click by its id, wherever it is: in the organisation's database, or still
 * on its way there. Inside the organisation's lane nothing falls between.
 */

/* clicks may be NULL (a command without the hot path): then only the database is asked. */
bool click_lookup(struct ctx *c, struct clicks *clicks, int64_t id, struct click *out,
                  bool *out_found);

/*
 * Did it come from a device that this partner uses, whosever link it was (click/own_device.h)?
 * Of a click that is nowhere: no.
 */
bool click_by_device_of(struct ctx *c, struct clicks *clicks, int64_t id, int64_t partner_id,
                        bool *out);

/* Say that click_lookup will be asked this soon; see db_ahead. */
bool click_ahead(struct ctx *c, int64_t id);

extern const struct sql *const click_lookup_sql[];

#endif
