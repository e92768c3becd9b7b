/* SPDX-License-Identifier: Apache-2.0 */
#include "verify/books_api.h"

#include "app.h"
#include "base/clock.h"
#include "partner/partner.h"
#include "verify/books.h"
#include "web/page.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* It has a name for a moment only: whatever happens, nothing of it stays. */
static bool open_nameless(struct ctx *c, int *out)
{
	struct str path = arena_printf(c->arena, "%.*s/export-XXXXXX",
	                               STR_ARG(app_of(c)->data_dir));
	char *text = arena_cstr(c->arena, path);

	*out = mkostemp(text, O_CLOEXEC);
	if (*out < 0)
		return fail(c, errno == ENOSPC ? ERR_FULL : ERR_STORAGE, NULL, "%s",
		            strerror(errno));
	unlink(text);
	return true;
}

static bool reply(struct ctx *c, struct res *r, int64_t partner_id, const char *name)
{
	struct date today = date_from_days(c->now_ms / MS_PER_DAY);
	struct stat st;
	int fd;

	if (!open_nameless(c, &fd))
		return false;
	if (!books_write(c, partner_id, fd) || fstat(fd, &st) != 0) {
		close(fd);
		return c->err.code == ERR_NONE
		     ? fail(c, ERR_STORAGE, NULL, "%s", strerror(errno)) : false;
	}
	res_file(r, STR("application/jsonl"), fd, (size_t)st.st_size);
	res_header(r, "Content-Disposition",
	           arena_printf(c->arena, "attachment; filename=\"%s-%04d-%02d-%02d.jsonl\"", name,
	                        today.year, today.month, today.day));
	return true;
}

bool books_api_ledger(struct ctx *c, const struct req *q, struct res *r)
{
	return api_no_query(c, q) && reply(c, r, 0, "ledger");
}

bool books_api_statement(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return api_no_query(c, q) && api_arg_id(c, q, 0, ID_PARTNER, &id)
	       && partner_visible(c, id) && reply(c, r, id, "statement");
}

bool books_web_ledger(struct ctx *c, const struct req *q, struct res *r)
{
	(void)q;
	return reply(c, r, 0, "ledger");
}

bool books_web_statement(struct ctx *c, const struct req *q, struct res *r)
{
	int64_t id;

	return page_arg_id(c, q, ID_PARTNER, &id) && reply(c, r, id, "statement");
}

bool books_web_own(struct ctx *c, const struct req *q, struct res *r)
{
	(void)q;
	return reply(c, r, c->actor.partner_id, "statement");
}
