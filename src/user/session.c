/* SPDX-License-Identifier: Apache-2.0 */
#include "user/session.h"
#include "access/access.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "user/token.h"

#include <sodium.h>

#define USER_AGENT_MAX 200
#define PRUNE_MAX 500

static const struct field fields[] = {
	FIELD(struct session, id, .flags = OUT, .as = AS_ID, .id = ID_SESSION),
	FIELD(struct session, user_id, .json = "user", .flags = OUT, .as = AS_ID, .id = ID_USER),
	FIELD(struct session, token_hash, .flags = UNIQUE),
	FIELD(struct session, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct session, seen_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct session, expires_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct session, user_agent, .flags = OUT, .max = USER_AGENT_MAX),
};

const struct model session_model = CONTROL_MODEL("session", fields);

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM session"
	        " WHERE user_id = $1 AND expires_at > $2"
	        " ORDER BY seen_at DESC, id DESC",
	.model = &session_model, .control = true, .global = true,
};

static const struct sql SQL_END = {
	.text = "DELETE FROM session WHERE user_id = $1 AND id = $2",
	.control = true, .global = true,
};

static const struct sql SQL_END_OTHERS = {
	.text = "DELETE FROM session WHERE user_id = $1 AND id <> $2",
	.control = true, .global = true,
};

static const struct sql SQL_END_HASH = {
	.text = "DELETE FROM session WHERE token_hash = $1",
	.control = true, .global = true,
};

static const struct sql SQL_SEEN = {
	.text = "UPDATE session SET seen_at = $2 WHERE id = $1",
	.control = true, .global = true,
};

static const struct sql SQL_PRUNE = {
	.text = "DELETE FROM session WHERE id IN"
	        " (SELECT id FROM session WHERE expires_at <= $1 LIMIT $2)",
	.control = true, .global = true,
};

const struct sql *const session_sql[] = { &SQL_LIST, &SQL_END,   &SQL_END_OTHERS, &SQL_END_HASH,
	                                  &SQL_SEEN, &SQL_PRUNE, NULL };

struct str session_hash(struct arena *a, struct str token)
{
	return token_hash(a, token);
}

static struct str shorten(struct arena *a, struct str user_agent)
{
	struct str cut = str_slice(user_agent, 0, USER_AGENT_MAX);

	return str_is_text(cut) ? arena_str(a, cut) : STR("");
}

bool session_create(struct ctx *c, const struct session_new *in, struct str *out_token)
{
	struct str token = token_new(c->arena);
	struct session s = {
		.id = id_new(),
		.user_id = in->user_id,
		.token_hash = session_hash(c->arena, token),
		.created_at = c->now_ms,
		.seen_at = c->now_ms,
		.expires_at = c->now_ms + in->days * MS_PER_DAY,
		.user_agent = shorten(c->arena, in->user_agent),
	};

	CHECK(in->user_id > 0 && in->days > 0);
	if (!db_insert(c, &session_model, &s))
		return false;
	*out_token = token;
	return true;
}

bool session_list(struct ctx *c, int64_t user_id, struct list *out)
{
	return db_list(c, &SQL_LIST, ARGS(val_int(user_id), val_int(c->now_ms)),
	               sizeof(struct session), out);
}

bool session_end(struct ctx *c, int64_t user_id, int64_t session_id)
{
	int64_t count;

	if (!db_changes(c, &SQL_END, ARGS(val_int(user_id), val_int(session_id)), &count))
		return false;
	access_changed(c, CACHE_SESSION);
	return count > 0 || fail(c, ERR_NOT_FOUND, "id", "There is no such session");
}

bool session_end_others(struct ctx *c, int64_t user_id, int64_t session_id)
{
	access_changed(c, CACHE_SESSION);
	return db_exec(c, &SQL_END_OTHERS, ARGS(val_int(user_id), val_int(session_id)));
}

bool session_end_all(struct ctx *c, int64_t user_id)
{
	return session_end_others(c, user_id, 0);
}

bool session_end_hash(struct ctx *c, struct str hash)
{
	int64_t count;

	if (!db_changes(c, &SQL_END_HASH, ARGS(val_str(hash)), &count))
		return false;
	if (count > 0)
		access_changed(c, CACHE_SESSION);
	return true;
}

bool session_seen(struct ctx *c, int64_t session_id)
{
	return db_exec(c, &SQL_SEEN, ARGS(val_int(session_id), val_int(c->now_ms)));
}

bool session_prune(struct ctx *c, bool *out_more)
{
	int64_t count;

	if (!db_changes(c, &SQL_PRUNE, ARGS(val_int(c->now_ms), val_int(PRUNE_MAX)), &count))
		return false;
	*out_more = count == PRUNE_MAX;
	return true;
}

struct str session_csrf(const struct ctx *c)
{
	unsigned char hash[16];
	char *text = arena_alloc(c->arena, sizeof(hash) * 2 + 1);
	int64_t id = c->actor.session_id;

	if (id == 0)
		return STR("");
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)&id, sizeof(id),
	                   app_of(c)->secret, 32);
	sodium_bin2hex(text, sizeof(hash) * 2 + 1, hash, sizeof(hash));
	return str_from(text);
}

bool session_csrf_ok(const struct ctx *c, struct str sent)
{
	struct str want = session_csrf(c);

	return want.n > 0 && want.n == sent.n && sodium_memcmp(want.p, sent.p, want.n) == 0;
}
