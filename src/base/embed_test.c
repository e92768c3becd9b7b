/* SPDX-License-Identifier: Apache-2.0 */
#include "base/embed.h"
#include "unit.h"

TEST(the_migrations_travel_inside_the_binary_in_order)
{
	size_t count = 0;
	const struct embed *list = embed_list("migrations/", &count);

	OK(count >= 1);
	EQ_STR(list[0].name, "migrations/0001_start.sql");
	for (size_t i = 1; i < count; i++)
		OK(strcmp(list[i - 1].name, list[i].name) < 0);
	for (size_t i = 0; i < count; i++)
		OK(embed_find(str_from(list[i].name)) == &list[i]);
}

TEST(an_embedded_file_equals_its_source)
{
	const struct embed *e = embed_find(STR("migrations/0001_start.sql"));

	OK(e);
	EQ_STR(embed_text(e), unit_file(c, "migrations/0001_start.sql"));
	EQ(e->p[e->n], 0);
}

TEST(what_was_not_embedded_is_not_found)
{
	size_t count = 1;

	OK(!embed_find(STR("")));
	OK(!embed_find(STR("migrations/")));
	OK(!embed_find(STR("zzz")));
	embed_list("zzz/", &count);
	EQ(count, 0);
}
