/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_ATTRIBUTION_H
#define WEB_ATTRIBUTION_H

#include "event/event.h"
#include "web/page.h"

/*
 * Why an event was credited to whom, for people: `attribution` {sentence, model, days,
 * touches [{at, signal, partner…, link…, won, share, why}]} in the view.
 */
bool attribution_put(struct page *p, const struct event *e);

#endif
