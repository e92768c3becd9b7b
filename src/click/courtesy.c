/* SPDX-License-Identifier: Apache-2.0 */
#include "click/courtesy.h"
#include "base/clock.h"

#include <sched.h>
#include <time.h>

#define MEASURE_NS 100000000LL
#define SOON_NS 20000000LL
#define BUSY_PERCENT 85
#define STILL_BUSY_PERCENT 60 /* without those that wait: what they use is not counted any more */

static int64_t cpu_used_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
}

bool courtesy_is_due(const struct courtesy *k, int64_t now_ns)
{
	return now_ns - k->at_ns >= (k->vague ? SOON_NS : MEASURE_NS);
}

static bool waits(const struct courtesy *k, int64_t now_ns, int64_t waiting)
{
	return k->busy && now_ns - k->since_ns < COURTESY_NS_MAX && waiting < COURTESY_WAITING_MAX;
}

bool courtesy_decide(struct courtesy *k, const struct courtesy_load *load, int64_t waiting)
{
	int64_t passed = load->now_ns - k->at_ns;
	int64_t percent = k->busy ? STILL_BUSY_PERCENT : BUSY_PERCENT;

	k->busy = k->at_ns > 0
	          && (load->cpu_ns - k->cpu_ns) * 100 > passed * load->processors * percent;
	k->since_ns = k->busy ? k->since_ns : load->now_ns;
	k->vague = passed > 2 * MEASURE_NS;
	k->at_ns = load->now_ns;
	k->cpu_ns = load->cpu_ns;
	return waits(k, load->now_ns, waiting);
}

bool courtesy_asks_to_wait(struct courtesy *k, int64_t waiting)
{
	struct courtesy_load load = { .now_ns = clock_mono_ns() };

	if (!courtesy_is_due(k, load.now_ns))
		return waits(k, load.now_ns, waiting);
	load.cpu_ns = cpu_used_ns();
	load.processors = processors();
	return courtesy_decide(k, &load, waiting);
}
