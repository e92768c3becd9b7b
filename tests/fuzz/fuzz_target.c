/* SPDX-License-Identifier: Apache-2.0 */
#include "click/agent.h"
#include "click/link_table.h"
#include "click/target.h"
#include "fuzz.h"

/*
 * The first line is an address, the second the query of an incoming link. An address that
 * is accepted stays as it is when prepared again; whatever the query, the answer's header
 * stays one line, leads to the same host, and carries the click's id once.
 */

static void check_location(struct str location, struct str prepared)
{
	struct str origin = str_slice(prepared, 0, str_find(prepared, '/', 8));
	struct str before = location;

	CHECK(location.n >= origin.n && memcmp(location.p, origin.p, origin.n) == 0);
	CHECK(location.p[origin.n] == '/');
	for (size_t i = 0; i < location.n; i++)
		CHECK(location.p[i] > 0x20 && location.p[i] < 0x7f);
	before = str_cut(&before, '#');
	CHECK(str_ends(before, "click_id=clk_1"));
}

FUZZ
{
	struct str query = text, url = str_cut(&query, '\n');
	struct utm utm = { .of = { query, query, { 0 }, { 0 }, { 0 } } };
	struct str prepared, again;

	(void)agent_is_bot(text);
	struct str host = target_host(c->arena, url);

	CHECK(host.n <= LINK_HOST_MAX && str_is_text(host));
	CHECK(str_is_text(target_utm(c->arena, query)) && str_is_text(target_sub(c->arena, query)));
	if (refused(c, target_prepare(c, "url", url, &utm, &prepared)))
		return;
	CHECK(prepared.n <= LINK_URL_MAX);
	if (!refused(c, target_prepare(c, "url", prepared, NULL, &again)))
		CHECK(str_eq(prepared, again));
	else
		CHECK(false);
	check_location(target_build(c->arena, prepared, query, STR("clk_1")), prepared);
}
