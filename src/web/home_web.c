/* SPDX-License-Identifier: Apache-2.0 */
#include "web/home_web.h"
#include "data/json.h"
#include "web/page.h"

/* A workspace first, then an organisation: agencies begin with the whole. */
static struct str first_place(const struct page *p)
{
	const json_t *spaces = json_object_get(p->view, "spaces");
	const json_t *orgs = json_object_get(p->view, "orgs");
	const json_t *first = json_array_get(spaces, 0);

	if (!first)
		first = json_array_get(orgs, 0);
	return json_text(json_object_get(first, "href"));
}

bool home_web(struct ctx *c, const struct req *q, struct res *r)
{
	struct page p;
	struct str place;

	if (!page_open(&p, c, q, r))
		return false;
	place = first_place(&p);
	if (place.n == 0)
		return page_show(&p, "app/nowhere.html", STR("Welcome"));
	res_redirect(r, 303, place);
	return true;
}
