/* SPDX-License-Identifier: Apache-2.0 */
#include "routes.h"
#include "dispatch.h"
#include "unit.h"

/* A change of who may do what shows up in a file that people review. */
TEST(the_table_of_routes_is_the_reviewed_one)
{
	struct str want = unit_file(c, "tests/cases/routes.txt");
	struct buf got;

	buf_init(&got, c->arena);
	routes_print(&got);
	if (!str_eq(buf_text(&got), want))
		FAIL("tests/cases/routes.txt differs; if that is meant: "
		     "build/partnerd routes > tests/cases/routes.txt");
}

TEST(every_write_of_the_api_asks_for_a_scope)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &routes[i];
		bool writes = r->method != METHOD_GET && (r->flags & ROUTE_API);

		if (writes && r->who != ANYBODY && !r->scope)
			FAIL("%s has no scope", r->path);
	}
}

TEST(the_routes_can_be_looked_up)
{
	OK(router_new(c->arena, routes, route_count) != NULL);
}
