/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_BOOK_H
#define EVENT_BOOK_H

#include "campaign/campaign.h"
#include "link/link.h"
#include "partner/enrolment.h"

/*
 * The book: rows that every event of a batch asks for again, remembered within the
 * transaction.
 *
 * What is remembered is forgotten when the transaction ends, when a part of it is
 * undone and when anything but an event is written (db_serial in db.h), so it is
 * always what the database would say. Each thread has its own, of fixed size.
 */

bool book_partner(struct ctx *c, int64_t id, struct partner *out);   /* as partner_get */
bool book_campaign(struct ctx *c, int64_t id, struct campaign *out); /* as campaign_get */
bool book_link(struct ctx *c, int64_t id, struct link *out);         /* as link_get */

/* As enrolment_find. */
bool book_enrolment(struct ctx *c, int64_t campaign_id, int64_t partner_id, struct enrolment *out,
                    bool *out_found);

#endif
