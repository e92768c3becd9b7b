/* SPDX-License-Identifier: Apache-2.0 */
#include "api/version.h"
#include "dispatch_turn.h"

#include <ctype.h>

/* A browser takes "/\\host" for another server's address, so only what cannot mean any goes back. */
static bool is_plain(struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (!isalnum((unsigned char)path.p[i]) && !strchr("/-_.~%", path.p[i]))
			return false;
	return true;
}

/* "/partners/" is not there, but "/partners" is: that is where to go. */
static bool goes_on_without_slash(struct turn *t)
{
	struct req without = *t->q;
	struct str query = t->q->query_text;
	bool known;

	if (!str_ends(without.path, "/") || !is_plain(without.path))
		return false;
	without.path.n--;
	router_match(t->d->router, &without, &known);
	if (without.path.n == 0 || !known)
		return false;
	res_redirect(t->r, 308, arena_printf(t->q->arena, "%.*s%s%.*s", STR_ARG(without.path),
	                                     query.n ? "?" : "", STR_ARG(query)));
	return true;
}

bool turn_answer_path(struct turn *t)
{
	struct str allow;

	if (t->q->route)
		return false;
	if (t->q->method != METHOD_OPTIONS)
		return goes_on_without_slash(t);
	allow = router_allow(t->d->router, t->q);
	if (allow.n == 0)
		return false;
	res_text(t->r, 204, (struct str){ 0 }, (struct str){ 0 });
	res_header(t->r, "Allow", allow);
	return true;
}

bool turn_read_version(struct turn *t)
{
	if (!(t->q->route->flags & ROUTE_API))
		return true;
	t->version = req_header(t->q, "api-version");
	return t->version.n == 0 || api_version_known(t->version)
	    || fail(&t->c, ERR_MALFORMED, NULL,
	            "There is no Api-Version \"%.60s\"; this server speaks " API_VERSION,
	            arena_cstr(t->q->arena, t->version));
}
