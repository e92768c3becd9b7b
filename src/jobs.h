/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JOBS_H
#define JOBS_H

#include "work/job.h"

/* Everything that happens later, in one table; `partnerd job NAME` runs one by hand. */
extern const struct job jobs[];
extern const size_t job_count;

/* NULL if there is none of that name. */
const struct job *jobs_find(struct str name);

#endif
