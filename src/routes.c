/* SPDX-License-Identifier: Apache-2.0 */
#include "routes.h"
#include "audit/audit_api.h"
#include "base/check.h"
#include "health.h"
#include "org/org_api.h"
#include "user/key_api.h"
#include "user/member_api.h"
#include "user/sign_in_web.h"

#define GET METHOD_GET
#define POST METHOD_POST
#define PUT METHOD_PUT
#define PATCH METHOD_PATCH
#define DELETE METHOD_DELETE
#define API ROUTE_API

/*
 * Every URL the server answers, in one place: who may, where it runs, what a key
 * needs, what it calls. tests/cases/routes.txt shows each change of it.
 */
const struct route routes[] = {
	/* For those who watch the server. */
	{ GET, "/healthz", ANYBODY, FAST, 0, NULL, health_live },
	{ GET, "/readyz", ANYBODY, CONTROL_READ, 0, NULL, health_ready },
	{ GET, "/metrics", ANYBODY, FAST, 0, NULL, health_metrics },

	/* Access. */
	{ GET, "/sign-in", ANYBODY, CONTROL_READ, 0, NULL, web_sign_in_page },
	{ POST, "/sign-in", ANYBODY, SLOW, ROUTE_SAFE_POST, NULL, web_sign_in },
	{ POST, "/sign-out", SIGNED_IN, CONTROL_WRITE, 0, NULL, web_sign_out },
	{ GET, "/api/v1/organisation", VIEWER, CONTROL_READ, API, NULL, api_org_get },
	{ PATCH, "/api/v1/organisation", ADMIN, CONTROL_WRITE, API, "admin", api_org_update },
	{ GET, "/api/v1/organisations", VIEWER, CONTROL_READ, API, NULL, api_org_list },
	{ GET, "/api/v1/keys", ADMIN, CONTROL_READ, API, "admin", api_key_list },
	{ POST, "/api/v1/keys", ADMIN, CONTROL_WRITE, API, "admin", api_key_create },
	{ DELETE, "/api/v1/keys/:id", ADMIN, CONTROL_WRITE, API, "admin", api_key_revoke },
	{ GET, "/api/v1/members", ADMIN, CONTROL_READ, API, "admin", api_member_list },
	{ POST, "/api/v1/members", ADMIN, CONTROL_WRITE, API, "admin", api_member_put },
	{ DELETE, "/api/v1/members/:id", ADMIN, CONTROL_WRITE, API, "admin", api_member_remove },
	{ GET, "/api/v1/audit", ADMIN, READ, API, "admin", api_audit_list },
};

const size_t route_count = LEN(routes);

static const char *const who_names[] = {
	[ANYBODY] = "anybody", [SIGNED_IN] = "signed-in", [PARTNER] = "partner", [VIEWER] = "viewer",
	[MANAGER] = "manager", [ADMIN] = "admin",         [OWNER] = "owner",
};

static const char *const mode_names[] = {
	[FAST] = "fast",
	[READ] = "read",
	[WRITE] = "write",
	[CONTROL_READ] = "control-read",
	[CONTROL_WRITE] = "control-write",
	[SLOW] = "slow",
};

static const struct {
	unsigned flag;
	const char *name;
} flag_names[] = {
	{ ROUTE_API, "api" },           { ROUTE_MONEY, "money" }, { ROUTE_PERSONAL, "personal" },
	{ ROUTE_RAW, "raw" },           { ROUTE_SAFE_POST, "safe-post" },
	{ ROUTE_UPLOAD, "upload" },     { ROUTE_KEYED, "keyed" },
};

static void print_row(struct buf *out, const struct route *r)
{
	buf_printf(out, "%-6s %-48s %-9s %-13s", method_name(r->method), r->path, who_names[r->who],
	           mode_names[r->mode]);
	for (size_t i = 0; i < LEN(flag_names); i++)
		if (r->flags & flag_names[i].flag)
			buf_printf(out, " %s", flag_names[i].name);
	if (r->scope)
		buf_printf(out, " [%s]", r->scope);
	buf_char(out, '\n');
}

void routes_print(struct buf *out)
{
	for (size_t i = 0; i < route_count; i++)
		print_row(out, &routes[i]);
}
