/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WEBHOOK_WEBHOOK_JOB_H
#define WEBHOOK_WEBHOOK_JOB_H

#include "base/ctx.h"

/*
 * The job `outbox`: gives what is due to the courier and stores what has come of it; see
 * work/job.h. In the server it waits for answers only a moment: the courier wakes it again
 * when one has come later. A command that runs alone waits until all have.
 */

bool webhook_take(struct ctx *c, void **load, bool *out_more);
bool webhook_send(struct ctx *c, void *load);
bool webhook_settle(struct ctx *c, void *load);

#endif
