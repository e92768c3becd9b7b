/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_ECB_H
#define FX_ECB_H

#include "base/ctx.h"

/*
 * Reads the reference rates of the European Central Bank, as it publishes them at
 * https://www.ecb.europa.eu/stats/eurofxref/ (eurofxref-daily.xml, -hist-90d.xml,
 * -hist.xml): Envelope › Cube › Cube time='2026-01-15' › Cube currency='USD' rate='1.0876',
 * a rate being the units of that currency for one euro. Prefixes of names do not matter.
 *
 * Which currencies there are is the file's to say: they come and go. Nothing outside of the
 * text is ever read: no document type, no entities, no network. A file is taken whole or not
 * at all.
 */

#define ECB_BYTES_MAX ((size_t)32 << 20)
#define ECB_DEPTH_MAX 8
#define ECB_RATES_MAX 1000000

struct ecb_rate {
	char currency[4];
	int32_t day;       /* days since the epoch */
	int64_t rate;      /* units for one euro, scaled by FX_SCALE */
};

/* By currency and day, each once; the euro is among them with 1, on every day of the file. */
struct ecb_rates {
	struct ecb_rate *all; /* in c->arena */
	size_t count;
	size_t days;
	int32_t first, last;
};

/*
 * ERR_INVALID on "file" with the line when it is not such a file, has no rates, names a day
 * after tomorrow or a pair of day and currency twice; ERR_TOO_LARGE past the limits above.
 */
bool ecb_parse(struct ctx *c, struct str text, struct ecb_rates *out);

#endif
