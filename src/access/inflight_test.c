/* SPDX-License-Identifier: Apache-2.0 */
#include "access/inflight.h"
#include "unit.h"

TEST(a_request_is_in_flight_once_until_it_has_left)
{
	struct inflight *f = inflight_new();
	struct inflight_entry first = { .key_id = 1, .name = STR("POST /x k") };
	struct inflight_entry again = first, theirs = { .key_id = 2, .name = first.name };
	struct inflight_entry other = { .key_id = 1, .name = STR("POST /y k") };

	OK(inflight_enter(f, &first));
	OK(!inflight_enter(f, &again));
	OK(inflight_enter(f, &theirs));
	OK(inflight_enter(f, &other));
	inflight_leave(f, &first);
	OK(inflight_enter(f, &again));
	inflight_leave(f, &other);
	inflight_leave(f, &again);
	inflight_leave(f, &theirs);
	OK(inflight_enter(f, &first));
	inflight_leave(f, &first);
	inflight_free(f);
}
