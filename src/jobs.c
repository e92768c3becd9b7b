/* SPDX-License-Identifier: Apache-2.0 */
#include "jobs.h"
#include "access/idempotency.h"
#include "base/check.h"
#include "user/session.h"

#define HOUR_MS 3600000

const struct job jobs[] = {
	{ "sessions", "Forget sessions that are over.", HOUR_MS, true, session_prune },
	{ "idempotency", "Forget old answers to requests with an Idempotency-Key.", HOUR_MS, false,
	  idempotency_prune },
};

const size_t job_count = LEN(jobs);

const struct job *jobs_find(struct str name)
{
	for (size_t i = 0; i < job_count; i++)
		if (str_is(name, jobs[i].name))
			return &jobs[i];
	return NULL;
}
