/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sign.h"
#include "cli/cmd.h"
#include "verify/books.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int cmd_ledger_key(struct cli *l)
{
	buf_str(&l->out, sign_public(l->arena, l->app->secret));
	buf_char(&l->out, '\n');
	return CLI_OK;
}

struct export {
	int64_t partner_id;
	int fd;
};

static bool export(struct ctx *c, struct cli *l, void *arg)
{
	const struct export *e = arg;

	(void)l;
	return books_write(c, e->partner_id, e->fd)
	    && (fsync(e->fd) == 0 || fail(c, ERR_FULL, NULL, "the file cannot be written"));
}

/* A new file; it is gone again when it could not be written to its end. */
int cmd_ledger_export(struct cli *l)
{
	struct str partner = cli_value(l, "partner");
	char *path = arena_cstr(l->arena, cli_value(l, "to"));
	struct cli_task task = { .kind = WORK_READ, .run = export };
	struct export e = { 0 };
	bool ok;

	if (partner.n > 0 && !id_parse(ID_PARTNER, partner, &e.partner_id)) {
		buf_puts(&l->err, "partnerd: --partner is not the id of a partner\n");
		return CLI_USAGE;
	}
	if (!cli_org(l, &task.org_id))
		return CLI_FAILED;
	e.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (e.fd < 0) {
		buf_printf(&l->err, "partnerd: %s: %s\n", path, strerror(errno));
		return CLI_FAILED;
	}
	task.arg = &e;
	ok = cli_do(l, &task);
	close(e.fd);
	if (!ok)
		unlink(path);
	return ok ? CLI_OK : CLI_FAILED;
}

static void sum_up(struct cli *l, const struct books_report *r)
{
	char org[ID_TEXT_MAX], partner[ID_TEXT_MAX] = "";

	if (r->about.org_id == 0) {
		buf_printf(&l->out, "verify: failed, this is no file of books: %lld findings\n",
		           (long long)r->findings);
		return;
	}
	id_format(ID_ORG, r->about.org_id, org);
	if (r->about.partner_id)
		id_format(ID_PARTNER, r->about.partner_id, partner);
	if (!cli_given(l, "public-key") && r->public_key.n > 0)
		buf_printf(&l->out, "public key: %.*s, as the file says. Compare it with the one"
		           " you keep, or give that with --public-key.\n", STR_ARG(r->public_key));
	buf_printf(&l->out, "verify: %s %s of %s%s%s, %lld lines, %lld entries, %lld commissions,"
	           " %lld checkpoints, %lld findings\n",
	           r->findings ? "failed" : "ok", partner[0] ? "statement" : "ledger", org,
	           partner[0] ? " for " : "", partner, (long long)r->lines,
	           (long long)r->entries, (long long)r->commissions,
	           (long long)r->checkpoints, (long long)r->findings);
}

/* Needs no data directory: whoever has the file and the program can do this. */
int cmd_verify(struct cli *l)
{
	struct ctx c = cli_ctx(l);
	struct str key = cli_value(l, "public-key");
	char *path = arena_cstr(l->arena, l->positional);
	struct books_report report = { 0 };
	int fd;
	bool ok;

	if (key.p && key.n != SIGN_PUBLIC_LENGTH) {
		buf_printf(&l->err, "partnerd: --public-key has %d hexadecimal digits\n",
		           SIGN_PUBLIC_LENGTH);
		return CLI_USAGE;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		buf_printf(&l->err, "partnerd: %s: %s\n", path, strerror(errno));
		return CLI_USAGE;
	}
	ok = books_check(&c, fd, key, &l->out, &report);
	close(fd);
	if (!ok) {
		cli_failed(l, &c);
		return CLI_USAGE;
	}
	sum_up(l, &report);
	return report.findings ? CLI_FAILED : CLI_OK;
}
