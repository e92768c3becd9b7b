/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FX_FX_JOB_H
#define FX_FX_JOB_H

#include "fx/fx_gap.h"
#include "fx/fx_rate.h"

/*
 * The job `fx`: fetches the rates that are missing, if the setting fx_url says where from.
 *
 * Rates are published on working days at about 16:00 in Frankfurt. When the newest day there
 * could be is stored, nothing is fetched. One missing day is fetched with the daily file, more
 * with that of 90 days, a first time or more than 85 days with the whole history. The three
 * have the European Central Bank's names below fx_url; a mirror serves as well.
 *
 * Days that are missing between others are warned of in the log, and fetched when none are missing
 * at the end; once a day, as the file there is may lack them, too.
 *
 * Without a network the job fails, says so in the log, and comes again when it is due again.
 */

enum fx_file { FX_NONE, FX_DAILY, FX_90_DAYS, FX_HISTORY };

extern const char *const fx_file_names[]; /* "eurofxref-daily.xml", … */

/* Which file brings what is missing at the end. */
enum fx_file fx_file_wanted(const struct fx_span *span, int64_t now_ms);

/* Which file brings what is missing in between. */
enum fx_file fx_file_closing(const struct fx_gap *gap, int64_t now_ms);

bool fx_job_take(struct ctx *c, void **load, bool *out_more);
bool fx_job_send(struct ctx *c, void *load);
bool fx_job_settle(struct ctx *c, void *load);

#endif
