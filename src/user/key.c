/* SPDX-License-Identifier: Apache-2.0 */
#include "user/key.h"
#include "access/access.h"
#include "api/version.h"
#include "audit/audit.h"
#include "base/check.h"
#include "base/digest.h"
#include "base/network.h"
#include "org/org.h"

#include <sodium.h>
#include <stdio.h>

#define PREFIX_CHARS 8
#define SECRET_BYTES 32
#define SECRET_CHARS 52
#define HINT_CHARS 4
#define STRAY_BITS_4 (96 + 24)
#define STRAY_BITS_6 48

/* By whether the organisation is a sandbox. */
static const char *const prefixes[] = { [false] = "sk_live_", [true] = "sk_test_" };

static const struct field fields[] = {
	FIELD(struct key, id, .flags = OUT, .as = AS_ID, .id = ID_KEY),
	FIELD(struct key, name, .flags = IN | OUT | REQUIRED, .min = 1, .max = 80),
	FIELD(struct key, hash, .max = 64),
	FIELD(struct key, hint, .flags = OUT),
	FIELD(struct key, scopes, .max = KEY_SCOPES_MAX),
	FIELD(struct key, allowed_ips, .flags = 0),
	FIELD(struct key, api_version, .flags = OUT),
	FIELD(struct key, created_by, .flags = OUT | NULLABLE, .as = AS_ID, .id = ID_USER),
	FIELD(struct key, created_at, .flags = OUT, .as = AS_TIME),
	FIELD(struct key, last_used_at, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct key, revoked_at, .flags = OUT | NULLABLE, .as = AS_TIME),
};

const struct model key_model = CONTROL_MODEL("api_key", fields);

static const struct field known_fields[] = {
	FIELD(struct key_known, org_id, .flags = OUT),
	FIELD(struct key_known, id, .flags = OUT),
	FIELD(struct key_known, name, .flags = OUT),
	FIELD(struct key_known, scopes, .flags = OUT),
	FIELD(struct key_known, allowed_ips, .flags = OUT),
	FIELD(struct key_known, api_version, .flags = OUT),
	FIELD(struct key_known, revoked_at, .flags = OUT),
};

const struct model key_known_model = CONTROL_MODEL("api_key", known_fields);

static const struct sql SQL_CREATE = {
	.text = "INSERT INTO api_key (org_id, id, name, hash, hint, scopes, allowed_ips,"
	        " api_version, created_by, created_at, last_used_at, revoked_at)"
	        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0)",
	.control = true,
};

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM api_key WHERE org_id = $1 ORDER BY id DESC",
	.model = &key_model, .control = true,
};

static const struct sql SQL_GET = {
	.text = "SELECT @columns FROM api_key WHERE org_id = $1 AND id = $2",
	.model = &key_model, .control = true,
};

static const struct sql SQL_REVOKE = {
	.text = "UPDATE api_key SET revoked_at = $3"
	        " WHERE org_id = $1 AND id = $2 AND revoked_at = 0",
	.control = true,
};

static const struct sql SQL_USED = {
	.text = "UPDATE api_key SET last_used_at = $3 WHERE org_id = $1 AND id = $2",
	.control = true,
};

static const struct sql SQL_BY_HASH = {
	.text = "SELECT @columns FROM api_key WHERE hash = $1",
	.model = &key_known_model, .control = true, .global = true,
};

const struct sql *const key_sql[] = { &SQL_CREATE, &SQL_LIST, &SQL_GET,    &SQL_REVOKE,
	                              &SQL_USED,   &SQL_BY_HASH, NULL };

/* Crockford's base32, as in ids; the last letter carries one bit. */
static struct str new_secret(struct arena *a, bool sandbox)
{
	static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
	unsigned char random[SECRET_BYTES];
	struct buf b;
	unsigned bits = 0, count = 0;

	randombytes_buf(random, sizeof(random));
	buf_init(&b, a);
	buf_puts(&b, prefixes[sandbox]);
	for (size_t i = 0; i < sizeof(random); i++) {
		bits = (bits << 8 | random[i]) & 0xfff;
		for (count += 8; count >= 5; count -= 5)
			buf_char(&b, alphabet[bits >> (count - 5) & 31]);
	}
	buf_char(&b, alphabet[bits << (5 - count) & 31]);
	CHECK(b.n == PREFIX_CHARS + SECRET_CHARS);
	sodium_memzero(random, sizeof(random));
	return buf_text(&b);
}

struct str key_hash(struct arena *a, struct str secret)
{
	if (secret.n == PREFIX_CHARS + SECRET_CHARS)
		for (size_t i = 0; i < LEN(prefixes); i++)
			if (str_starts(secret, prefixes[i]))
				return digest_hex(a, secret, 32);
	return STR("");
}

/* A word, or noun:read, noun:write. */
static bool word_ok(struct str w)
{
	static const char *const whole[] = { "all", "read", "write", "admin", "-money",
		                             "-personal_data", NULL };
	struct str rest = w, noun = str_cut(&rest, ':');

	if (names_find(whole, w) >= 0)
		return true;
	if (noun.n == 0 || (!str_is(rest, "read") && !str_is(rest, "write")))
		return false;
	for (size_t i = 0; i < noun.n; i++)
		if ((noun.p[i] < 'a' || noun.p[i] > 'z') && noun.p[i] != '_' && noun.p[i] != '-')
			return false;
	return true;
}

static bool check_scopes(struct ctx *c, struct str scopes)
{
	struct str rest = scopes;
	bool allows = false;

	if (scopes.n > KEY_SCOPES_MAX)
		return fail(c, ERR_INVALID, "scopes", "There are too many scopes");
	while (rest.p) {
		struct str word = str_cut(&rest, ',');

		if (!word_ok(word))
			return fail(c, ERR_INVALID, "scopes",
			            "\"%.*s\" is not all, read, write, admin, NOUN:read, NOUN:write,"
			            " -money or -personal_data",
			            STR_ARG(word));
		allows = allows || word.p[0] != '-';
	}
	return allows || fail(c, ERR_INVALID, "scopes", "The key would allow nothing");
}

static bool check_name(struct ctx *c, struct str *name)
{
	*name = str_trim(*name);
	if (name->n == 0 || !str_is_text(*name) || str_length(*name) > 80)
		return fail(c, ERR_INVALID, "name", "The name must have 1 to 80 characters");
	return true;
}

static bool check_scopes_of(struct ctx *c, const struct key *own, struct str scopes)
{
	while (scopes.p) {
		struct str word = str_cut(&scopes, ',');

		if (word.p[0] != '-' && !scope_allows(own->scopes, arena_cstr(c->arena, word)))
			return fail(c, ERR_DENIED, "scopes",
			            "This key has not the scope %.*s itself",
			            STR_ARG(word));
	}
	return true;
}

static bool check_ips_of(struct ctx *c, const struct key *own, const struct network_list *list)
{
	struct network_list mine;
	struct buf b;

	if (!network_list_read(c, "allowed_ips", own->allowed_ips, &mine))
		return false;
	for (size_t i = 0; i < list->count && mine.count > 0; i++)
		if (!network_list_has(mine.at, mine.count, &list->at[i])) {
			buf_init(&b, c->arena);
			network_put(&b, &list->at[i]);
			return fail(c, ERR_DENIED, "allowed_ips",
			            "This key may not be used from %s itself", buf_text(&b).p);
		}
	return true;
}

/* A key makes no key that may do more than it may itself, or from elsewhere. */
static bool check_reach(struct ctx *c, struct key *k, const struct network_list *list)
{
	struct key own;

	if (c->actor.kind != ACTOR_KEY)
		return true;
	if (!db_get(c, &SQL_GET, ARGS(val_int(c->actor.key_id)), &own)
	    || !check_scopes_of(c, &own, k->scopes) || !check_ips_of(c, &own, list))
		return false;
	if (list->count == 0)
		k->allowed_ips = own.allowed_ips;
	return true;
}

static bool check(struct ctx *c, struct key *k)
{
	struct network_list list;

	if (!check_name(c, &k->name) || !check_scopes(c, k->scopes)
	    || !network_list_read(c, "allowed_ips", k->allowed_ips, &list))
		return false;
	k->allowed_ips = network_list_text(c->arena, &list);
	return check_reach(c, k, &list);
}

/* What its maker may not see, the key may not see. */
static struct str without(struct ctx *c, struct str scopes)
{
	bool see = c->actor.kind == ACTOR_SYSTEM;
	bool money = see || c->actor.sees_money || scope_has(scopes, "-money");
	bool personal = see || c->actor.sees_personal_data || scope_has(scopes, "-personal_data");

	return arena_printf(c->arena, "%.*s%s%s", STR_ARG(scopes), money ? "" : ",-money",
	                    personal ? "" : ",-personal_data");
}

/* What the audit log keeps of a new key. */
static struct str created(struct ctx *c, const struct key *k)
{
	bool bound = k->allowed_ips.n > 0;

	return arena_printf(c->arena, "{\"scopes\":\"%.*s\"%s%.*s%s}", STR_ARG(k->scopes),
	                    bound ? ",\"allowed_ips\":\"" : "", STR_ARG(k->allowed_ips),
	                    bound ? "\"" : "");
}

bool key_create(struct ctx *c, struct key *k, struct str *out_secret)
{
	struct str secret;
	bool sandbox;

	CHECK(c->org_id > 0);
	if (!check(c, k) || !org_is_sandbox(c, &sandbox))
		return false;
	secret = new_secret(c->arena, sandbox);
	k->scopes = without(c, k->scopes);
	k->id = id_new();
	k->hash = key_hash(c->arena, secret);
	k->hint = str_slice(secret, secret.n - HINT_CHARS, HINT_CHARS);
	k->api_version = STR(API_VERSION);
	k->created_by = c->actor.user_id;
	k->created_at = c->now_ms;
	k->last_used_at = k->revoked_at = 0;
	*out_secret = secret;
	return db_exec(c, &SQL_CREATE,
	               ARGS(val_int(k->id), val_str(k->name), val_str(k->hash), val_str(k->hint),
	                    val_str(k->scopes), val_str(k->allowed_ips),
	                    val_str(k->api_version), val_int(k->created_by),
	                    val_int(k->created_at)))
	    && audit_control(c, "key.create", id_str(c->arena, ID_KEY, k->id), created(c, k));
}

bool key_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct key), out);
}

bool key_revoke(struct ctx *c, int64_t id)
{
	struct key k;

	if (!db_get(c, &SQL_GET, ARGS(val_int(id)), &k))
		return false;
	if (k.revoked_at != 0)
		return true;
	access_changed(c, CACHE_KEY);
	return db_exec(c, &SQL_REVOKE, ARGS(val_int(id), val_int(c->now_ms)))
	    && audit_control(c, "key.revoke", id_str(c->arena, ID_KEY, id), STR(""));
}

bool key_find_hash(struct ctx *c, struct str hash, struct key_known *out, bool *out_found)
{
	struct network_list list;

	if (!db_find(c, &SQL_BY_HASH, ARGS(val_str(hash)), out, out_found))
		return false;
	if (!*out_found)
		return true;
	if (!network_list_read(c, "allowed_ips", out->allowed_ips, &list))
		return false;
	out->allowed_ips = arena_str(c->arena, (struct str){ (const char *)list.at,
	                                                     list.count * sizeof(*list.at) });
	return true;
}

bool key_allows(const struct key_known *k, struct str ip)
{
	/* of bytes only, so it lies anywhere */
	const struct network *list = (const struct network *)(const void *)k->allowed_ips.p;
	struct network from;

	_Static_assert(_Alignof(struct network) == 1, "networks are kept as texts");
	if (k->allowed_ips.n == 0)
		return true;
	return network_address(ip, &from)
	    && network_list_has(list, k->allowed_ips.n / sizeof(*list), &from);
}

bool key_used(struct ctx *c, int64_t id)
{
	return db_exec(c, &SQL_USED, ARGS(val_int(id), val_int(c->now_ms)));
}

/* An address is personal data: what is kept is the network around it. */
struct str key_stray_from(struct arena *a, struct str ip)
{
	struct network from;
	struct buf b;

	if (!network_address(ip, &from))
		return STR("");
	buf_init(&b, a);
	from = network_around(&from, network_is_4(&from) ? STRAY_BITS_4 : STRAY_BITS_6);
	network_put(&b, &from);
	return buf_text(&b);
}

bool key_stray(struct ctx *c, int64_t id, struct str from)
{
	return audit_control(c, "key.refuse", id_str(c->arena, ID_KEY, id),
	                     arena_printf(c->arena, "{\"from\":\"%.*s\"}", STR_ARG(from)));
}

enum role key_role(struct str scopes)
{
	if (scope_has(scopes, "all"))
		return ROLE_OWNER;
	return scope_has(scopes, "admin") ? ROLE_ADMIN : ROLE_MANAGER;
}

bool key_actor(struct ctx *c, int64_t id, struct actor *out)
{
	struct key k;
	bool found;

	*out = (struct actor){ .kind = ACTOR_KEY, .key_id = id };
	if (!db_find(c, &SQL_GET, ARGS(val_int(id)), &k, &found))
		return false;
	if (!found || k.revoked_at != 0)
		return true;
	out->role = key_role(k.scopes);
	out->sees_money = !scope_has(k.scopes, "-money");
	out->sees_personal_data = !scope_has(k.scopes, "-personal_data");
	return true;
}

bool scope_has(struct str scopes, const char *word)
{
	while (scopes.p)
		if (str_is(str_cut(&scopes, ','), word))
			return true;
	return false;
}

bool scope_allows(struct str scopes, const char *need)
{
	struct str action = need ? str_from(need) : STR(""), noun;
	bool reads;
	char write[64];

	if (!need || scope_has(scopes, "all") || scope_has(scopes, need))
		return true;
	noun = str_cut(&action, ':');
	if (action.n == 0)
		return false;
	reads = str_is(action, "read");
	snprintf(write, sizeof(write), "%.*s:write", STR_ARG(noun));
	return scope_has(scopes, "write")
	    || (reads && (scope_has(scopes, "read") || scope_has(scopes, write)));
}
