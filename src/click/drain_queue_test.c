/* SPDX-License-Identifier: Apache-2.0 */
#include "click/drain_queue.h"
#include "unit.h"

TEST(clicks_are_found_by_their_id_also_those_out_of_order)
{
	struct drain_queue *q = drain_queue_new(1);

	OK(drain_queue_find(q, 5) == NULL);
	for (int64_t i = 0; i < 5000; i++)
		drain_queue_push(q, (struct drain_item){ .pos = i, .id = 10 * (i ^ 3) });
	drain_queue_push(q, (struct drain_item){ .pos = 7777, .id = 15 }); /* far from its place */
	drain_queue_pop(q, 100);
	OK(drain_queue_find(q, 990) == NULL);
	OK(drain_queue_find(q, 2001) == NULL);
	EQ(drain_queue_find(q, 15)->pos, 7777);
	for (int64_t i = 100; i < 5000; i++)
		EQ(drain_queue_find(q, 10 * (i ^ 3))->pos, i);
	drain_queue_free(q);
}

TEST(an_organisation_is_missing_only_when_several_tries_in_a_row_say_so)
{
	struct drain_queue *q = drain_queue_new(1);

	drain_queue_failed(q, false);
	drain_queue_failed(q, false);
	drain_queue_failed(q, true);
	EQ(q->failures, 3);
	EQ(q->missing, 1);
	drain_queue_failed(q, true);
	drain_queue_failed(q, false); /* it is there after all */
	EQ(q->missing, 0);
	drain_queue_failed(q, true);
	EQ(q->failures, 6);
	EQ(q->missing, 1);
	drain_queue_went_well(q);
	EQ(q->failures, 0);
	EQ(q->missing, 0);
	drain_queue_free(q);
}
