/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLICK_COURTESY_H
#define CLICK_COURTESY_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Courtesy: what can wait lets visitors go first. While this program uses nearly all the time of
 * the processors it may run on, clicks stay in the journal, where they are safe and found; they
 * are brought to the databases when there is time, when too many wait, or when a rush has turned
 * out to be no rush: what lasts for a minute may last for ever, and figures must not.
 *
 * Not thread-safe: one thread asks.
 */

#define COURTESY_WAITING_MAX 400000 /* clicks; then they are moved whatever the load */
#define COURTESY_NS_MAX 60000000000LL

struct courtesy {
	int64_t at_ns, cpu_ns; /* when it was measured last, and the time used up to then */
	int64_t since_ns; /* when it was not busy last */
	bool busy;
	bool vague; /* what was measured is mostly of a quiet time before: soon again */
};

/* Should they wait? Measures again every 100 ms, and 20 ms after a pause. */
bool courtesy_asks_to_wait(struct courtesy *k, int64_t waiting);

bool courtesy_is_due(const struct courtesy *k, int64_t now_ns);

/* The same by what was measured: the time now, the processor time used so far, by how many. */
struct courtesy_load {
	int64_t now_ns, cpu_ns, processors;
};
bool courtesy_decide(struct courtesy *k, const struct courtesy_load *load, int64_t waiting);

#endif
