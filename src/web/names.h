/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_NAMES_H
#define WEB_NAMES_H

#include "web/page.h"

/*
 * Names beside ids: a row with "partner": "prt_…" gets "partner_name", and likewise for
 * campaign, customer and link. People read names; ids stay in the links.
 *
 * Each of them is read once for the whole list, all in one round trip.
 */

/* For every object in the array, or for one object. Other keys are left alone. */
bool names_put(struct page *p, json_t *rows);

#endif
