/* SPDX-License-Identifier: Apache-2.0 */
#include "campaign/campaign_api.h"

#include "base/check.h"
#include "campaign/campaign.h"
#include "campaign/terms_cache.h"
#include "campaign/terms_doc.h"
#include "campaign/terms_version.h"
#include "data/json_out.h"
#include "data/model_json.h"

static const struct list_filter campaign_filters[] = {
	{ "slug", .indexed = true },
	{ "status" },
	{ "currency" },
	{ "created_at" },
};

const struct list_spec campaign_list_spec = {
	.model = &campaign_model,
	.row_size = sizeof(struct campaign),
	.filters = campaign_filters,
	.filter_count = LEN(campaign_filters),
};

static const struct list_filter terms_filters[] = {
	{ "campaign_id", .indexed = true },
	{ "effective_at" },
};

/* The document in sentences. */
static bool put_says(struct ctx *c, const void *row, struct buf *b)
{
	const struct terms_version *v = row;
	struct str says[SENTENCES_MAX];
	const struct terms *t;
	size_t n;

	if (!terms_compiled(c, v->id, &t))
		return false;
	n = terms_doc_sentences(c->arena, t, says, SENTENCES_MAX);
	jw_key(b, "says");
	jw_array(b);
	for (size_t i = 0; i < n; i++)
		jw_str(b, says[i]);
	jw_array_end(b);
	return true;
}

const struct list_spec terms_list_spec = {
	.model = &terms_model,
	.row_size = sizeof(struct terms_version),
	.filters = terms_filters,
	.filter_count = LEN(terms_filters),
	.more = put_says,
};

bool campaign_api_create(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign_new in = { 0 };
	json_t *body;

	if (!api_no_query(c, q) || !api_body(c, q, &body)
	    || !model_read(c, &campaign_new_model, body, &in, true))
		return false;

	struct campaign campaign = {
		.name = in.name,
		.slug = in.slug,
		.currency = in.currency,
		.url = in.url,
		.review = in.review,
		.metadata = in.metadata,
	};

	return campaign_create(c, &campaign, in.terms)
	    && api_reply(c, r, 201, &campaign_model, &campaign);
}

bool campaign_api_list(struct ctx *c, const struct req *q, struct res *r)
{
	return list_reply(c, q, r, &campaign_list_spec);
}

static bool get(struct ctx *c, const struct req *q, struct campaign *out)
{
	int64_t id;

	return api_arg_id(c, q, 0, ID_CAMPAIGN, &id)
	    && campaign_get(c, id, out);
}

bool campaign_api_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign campaign;

	return api_no_query(c, q)
	    && get(c, q, &campaign)
	    && api_reply(c, r, 200, &campaign_model, &campaign);
}

bool campaign_api_update(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign campaign;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && get(c, q, &campaign)
	    && model_read(c, &campaign_model, body, &campaign, false)
	    && campaign_update(c, &campaign)
	    && api_reply(c, r, 200, &campaign_model, &campaign);
}

bool campaign_api_terms_publish(struct ctx *c, const struct req *q, struct res *r)
{
	struct terms_new in = { 0 };
	struct terms_version version;
	struct campaign campaign;
	json_t *body;

	return api_no_query(c, q)
	    && api_body(c, q, &body)
	    && get(c, q, &campaign)
	    && model_read(c, &terms_new_model, body, &in, true)
	    && terms_publish(c, campaign.id, in.terms, in.effective_at, &version)
	    && list_reply_row(c, r, 201, &terms_list_spec, &version);
}

bool campaign_api_terms_list(struct ctx *c, const struct req *q, struct res *r)
{
	struct campaign campaign;

	return get(c, q, &campaign)
	    && list_reply_of(c, q, r, &terms_list_spec,
	                     (struct list_scope){ "campaign_id", campaign.id });
}

bool campaign_api_terms_get(struct ctx *c, const struct req *q, struct res *r)
{
	struct terms_version version;
	struct campaign campaign;
	int64_t number;

	CHECK(q->arg_count == 2);
	if (!api_no_query(c, q) || !get(c, q, &campaign))
		return false;
	if (!str_to_int(q->args[1], &number))
		return fail(c, ERR_NOT_FOUND, "version", "there is no such version");
	return terms_get(c, campaign.id, number, &version)
	    && list_reply_row(c, r, 200, &terms_list_spec, &version);
}
