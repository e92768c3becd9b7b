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

/* These two have no id: there is one of each. */
static bool is_single(const char *path)
{
	return strcmp(path, "/api/v1/organisation") == 0
	    || strcmp(path, "/api/v1/providers/stripe") == 0;
}

TEST(whatever_the_api_shows_one_of_has_a_tag)
{
	for (size_t i = 0; i < route_count; i++) {
		const struct route *r = &routes[i];
		bool one = strrchr(r->path, '/')[1] == ':' || is_single(r->path);

		if (!(r->flags & ROUTE_API) || r->method != METHOD_GET)
			continue;
		if (one != ((r->flags & ROUTE_ONE) != 0))
			FAIL("%s should%s have the flag ROUTE_ONE", r->path, one ? "" : " not");
	}
}

TEST(the_routes_can_be_looked_up)
{
	OK(router_new(c->arena, routes, route_count) != NULL);
}
