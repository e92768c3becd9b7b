/* SPDX-License-Identifier: Apache-2.0 */
#include "webhook/endpoint.h"

#include "access/seal.h"
#include "app.h"
#include "base/check.h"
#include "base/clock.h"
#include "change/change.h"
#include "data/model_json.h"
#include "webhook/guard.h"
#include "webhook/signature.h"

const char *const endpoint_status_names[] = {
	[ENDPOINT_ENABLED] = "enabled", [ENDPOINT_DISABLED] = "disabled", NULL,
};

static const struct field fields[] = {
	FIELD(struct endpoint, id, .flags = OUT, .as = AS_ID, .id = ID_WEBHOOK),
	FIELD(struct endpoint, url, .flags = IN | OUT | REQUIRED, .min = 1,
	      .max = ENDPOINT_URL_MAX),
	FIELD(struct endpoint, description, .flags = IN | OUT | NULLABLE, .max = 200),
	FIELD(struct endpoint, types, .max = 2000),
	FIELD(struct endpoint, status, .flags = IN | OUT, .as = AS_ENUM,
	      .names = endpoint_status_names),
	FIELD(struct endpoint, reason, .flags = OUT | NULLABLE),
	FIELD(struct endpoint, secret, .flags = 0),
	FIELD(struct endpoint, secret_before, .flags = 0),
	FIELD(struct endpoint, before_until, .json = "previous_secret_until",
	      .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct endpoint, failing_since, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct endpoint, not_before, .flags = OUT | NULLABLE, .as = AS_TIME),
	FIELD(struct endpoint, created_at, .flags = OUT, .as = AS_TIME),
};

const struct model endpoint_model = MODEL("webhook_endpoint", fields);

static bool check_types(struct ctx *c, struct str types)
{
	while (types.n > 0) {
		struct str name = str_cut(&types, ',');
		int64_t type = names_find(outbox_type_names, name);

		if (type < 0 || type == OUTBOX_TEST)
			return fail(c, ERR_INVALID, "types", "there is no type \"%.*s\"",
			            STR_ARG(name));
	}
	return true;
}

static bool check(struct ctx *c, const struct endpoint *e)
{
	return guard_url(c, e->url, app_of(c)->webhook_private)
	    && check_types(c, e->types);
}

static const struct sql SQL_LIST = {
	.text = "SELECT @columns FROM webhook_endpoint WHERE org_id = $1 ORDER BY id DESC",
	.model = &endpoint_model,
};

bool endpoint_list(struct ctx *c, struct list *out)
{
	return db_list(c, &SQL_LIST, NO_ARGS, sizeof(struct endpoint), out);
}

static bool check_room(struct ctx *c)
{
	struct list all;

	if (!endpoint_list(c, &all))
		return false;
	return all.count < ENDPOINT_MAX
	    || fail(c, ERR_STATE, "url", "there are %d endpoints already; delete one first",
	            ENDPOINT_MAX);
}

bool endpoint_create(struct ctx *c, struct endpoint *e, struct str *out_secret)
{
	if (!check(c, e) || !check_room(c))
		return false;
	*out_secret = signature_secret(c->arena);
	e->id = id_new();
	e->secret = seal(c, *out_secret);
	e->created_at = c->now_ms;
	outbox_wanted_changes(c);
	return db_insert(c, &endpoint_model, e)
	    && change_row(c, "webhook_endpoint.create", &endpoint_model, NULL, e);
}

bool endpoint_get(struct ctx *c, int64_t id, struct endpoint *out)
{
	return db_get_id(c, &endpoint_model, id, out);
}

static const struct sql SQL_FIND = {
	.text = "SELECT @columns FROM webhook_endpoint WHERE org_id = $1 AND id = $2",
	.model = &endpoint_model,
};

bool endpoint_find(struct ctx *c, int64_t id, struct endpoint *out, bool *out_found)
{
	return db_find(c, &SQL_FIND, ARGS(val_int(id)), out, out_found);
}

static const struct sql SQL_SAVE = {
	.text = "UPDATE webhook_endpoint SET url = $3, description = $4, types = $5, status = $6,"
	        " reason = $7, failing_since = $8, not_before = $9 WHERE org_id = $1 AND id = $2",
};

static bool save(struct ctx *c, const struct endpoint *e)
{
	return db_exec(c, &SQL_SAVE,
	               ARGS(val_int(e->id), val_str(e->url), val_str(e->description),
	                    val_str(e->types), val_int(e->status), val_str(e->reason),
	                    val_int(e->failing_since), val_int(e->not_before)));
}

/* What may be sent now and could not before. */
static void start_afresh(struct ctx *c, struct endpoint *e)
{
	e->reason = STR("");
	e->failing_since = e->not_before = 0;
	outbox_wake(c);
}

bool endpoint_update(struct ctx *c, const struct endpoint *before, struct endpoint *after)
{
	CHECK(before->id == after->id);
	if (!check(c, after))
		return false;
	if (after->status == ENDPOINT_ENABLED && before->status != ENDPOINT_ENABLED)
		start_afresh(c, after);
	outbox_wanted_changes(c);
	return save(c, after)
	    && change_row(c, "webhook_endpoint.update", &endpoint_model, before, after);
}

static const struct sql SQL_REMOVE_DELIVERIES = {
	.text = "DELETE FROM webhook_delivery WHERE org_id = $1 AND endpoint_id = $2",
};

static const struct sql SQL_REMOVE = {
	.text = "DELETE FROM webhook_endpoint WHERE org_id = $1 AND id = $2",
};

bool endpoint_remove(struct ctx *c, const struct endpoint *e)
{
	outbox_wanted_changes(c);
	return db_exec(c, &SQL_REMOVE_DELIVERIES, ARGS(val_int(e->id)))
	    && db_exec(c, &SQL_REMOVE, ARGS(val_int(e->id)))
	    && change_post(c, "webhook_endpoint.delete", id_str(c->arena, ID_WEBHOOK, e->id),
	                   model_change(c, &endpoint_model, e, &(struct endpoint){ .id = e->id }));
}

static const struct sql SQL_ROTATE = {
	.text = "UPDATE webhook_endpoint SET secret = $3, secret_before = $4, before_until = $5"
	        " WHERE org_id = $1 AND id = $2",
};

bool endpoint_rotate(struct ctx *c, struct endpoint *e, int64_t keep_hours, struct str *out_secret)
{
	struct endpoint before = *e;

	*out_secret = signature_secret(c->arena);
	e->secret_before = keep_hours ? e->secret : STR("");
	e->before_until = keep_hours ? c->now_ms + keep_hours * MS_PER_HOUR : 0;
	e->secret = seal(c, *out_secret);
	return db_exec(c, &SQL_ROTATE,
	               ARGS(val_int(e->id), val_str(e->secret), val_str(e->secret_before),
	                    val_int(e->before_until)))
	    && change_row(c, "webhook_endpoint.rotate", &endpoint_model, &before, e);
}

bool endpoint_secrets(struct ctx *c, const struct endpoint *e, struct str out[2])
{
	out[1] = STR("");
	return unseal(c, e->secret, &out[0])
	    && (e->before_until <= c->now_ms || unseal(c, e->secret_before, &out[1]));
}

bool endpoint_wants(const struct endpoint *e, int64_t type)
{
	struct str types = e->types;

	if (types.n == 0)
		return true;
	while (types.n > 0)
		if (str_is(str_cut(&types, ','), outbox_type_names[type]))
			return true;
	return false;
}

bool endpoint_note(struct ctx *c, const struct endpoint *before, const struct endpoint *after)
{
	if (before->failing_since == after->failing_since
	    && before->not_before == after->not_before)
		return true;
	return save(c, after);
}

bool endpoint_disable(struct ctx *c, struct endpoint *e, struct str reason)
{
	struct endpoint before = *e;

	if (e->status == ENDPOINT_DISABLED)
		return true;
	e->status = ENDPOINT_DISABLED;
	e->reason = reason;
	outbox_wanted_changes(c);
	return save(c, e)
	    && change_row(c, "webhook_endpoint.disable", &endpoint_model, &before, e);
}

bool endpoint_wanted(struct ctx *c, uint64_t *out_types)
{
	struct list all;

	*out_types = 0;
	if (!endpoint_list(c, &all))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct endpoint *e = (const struct endpoint *)all.items + i;

		for (int64_t type = OUTBOX_TEST + 1; type < OUTBOX_TYPE_COUNT; type++)
			if (e->status == ENDPOINT_ENABLED && endpoint_wants(e, type))
				*out_types |= (uint64_t)1 << type;
	}
	return true;
}

const struct sql *const endpoint_sql[] = {
	&SQL_LIST, &SQL_FIND, &SQL_SAVE, &SQL_REMOVE_DELIVERIES, &SQL_REMOVE, &SQL_ROTATE, NULL,
};
