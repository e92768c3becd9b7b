/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "base/arena.h"
#include "base/str.h"

#include <jansson.h>

/*
 * A QR code of a short text (an address) as SVG, an html value; null when it does not fit. Caller
 * owns it.
 */
json_t *qr_view(struct arena *a, struct str text);

#endif
