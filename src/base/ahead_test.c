/* SPDX-License-Identifier: Apache-2.0 */
#include "base/ahead.h"

#include "unit.h"

/* Pages of one number each, up to and with the last. */
struct numbers {
	struct ahead ahead;
	int last, next;
	int pages[AHEAD_PAGES];
};

static bool read_number(void *arg, size_t page)
{
	struct numbers *n = arg;

	n->pages[page] = n->next++;
	return n->next <= n->last;
}

static int sum(struct numbers *n, int most)
{
	int sum = 0;
	size_t page;

	while (most-- > 0 && ahead_next(&n->ahead, &page)) {
		ahead_lock(&n->ahead);
		sum += n->pages[page];
		ahead_unlock(&n->ahead);
	}
	return sum;
}

TEST(every_page_is_handed_over_once_and_in_order)
{
	for (int last = 0; last < 20; last++) {
		struct numbers n = { .last = last };

		ahead_start(&n.ahead, read_number, &n);
		EQ(sum(&n, 100), last * (last + 1) / 2);
		ahead_stop(&n.ahead);
	}
}

TEST(reading_ahead_can_be_stopped_in_the_middle)
{
	struct numbers n = { .last = 1000000 };

	ahead_start(&n.ahead, read_number, &n);
	EQ(sum(&n, 4), 6);
	ahead_stop(&n.ahead);
	OK(n.next <= 4 + AHEAD_PAGES);
}

TEST(without_a_thread_pages_are_read_when_they_are_asked_for)
{
	struct numbers n = { .last = 9 };

	ahead_start(&n.ahead, read_number, &n);
	ahead_stop(&n.ahead);
	n = (struct numbers){ .last = 9 };
	n.ahead = (struct ahead){ .read = read_number, .arg = &n,
		                  .mutex = PTHREAD_MUTEX_INITIALIZER,
		                  .connection = PTHREAD_MUTEX_INITIALIZER,
		                  .changed = PTHREAD_COND_INITIALIZER };
	EQ(sum(&n, 100), 45);
	ahead_stop(&n.ahead);
}
