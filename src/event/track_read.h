/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EVENT_TRACK_READ_H
#define EVENT_TRACK_READ_H

#include "event/event.h"

/*
 * From the JSON of the tracking calls to struct track, with the limits of the API.
 * Texts point into the body.
 */

/* ERR_INVALID names the key; keys the type does not have are refused. */
bool track_read(struct ctx *c, const json_t *body, enum event_type type, struct track *out);

#endif
