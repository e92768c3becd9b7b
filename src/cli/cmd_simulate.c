/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "cli/cmd.h"
#include "whatif/whatif_print.h"

/* The outside names of how it can be printed. */
static const struct {
	const char *name;
	void (*print)(struct buf *b, const struct whatif *w);
} formats[] = {
	{ "text", whatif_text },
	{ "json", whatif_json },
	{ "csv", whatif_csv },
};

struct simulate {
	struct whatif_new in;
	void (*print)(struct buf *b, const struct whatif *w);
};

bool cmd_campaign(struct ctx *c, struct cli *l, int64_t *out_id)
{
	struct str slug = cli_value(l, "campaign");
	struct campaign campaign;
	bool found;

	if (id_parse(ID_CAMPAIGN, slug, out_id))
		return true;
	if (!campaign_find_slug(c, slug, &campaign, &found))
		return false;
	*out_id = campaign.id;
	return found || fail(c, ERR_NOT_FOUND, "campaign", "There is no campaign \"%.*s\"",
	                     STR_ARG(slug));
}

static bool simulate(struct ctx *c, struct cli *l, void *arg)
{
	struct simulate *s = arg;
	struct whatif_ask ask;
	struct whatif w;

	if (!whatif_read(c, &s->in, &ask) || !cmd_campaign(c, l, &ask.campaign_id)
	    || !whatif_run(c, &ask, &w))
		return false;
	s->print(&l->out, &w);
	if (l->out.n > 0 && l->out.p[l->out.n - 1] != '\n')
		buf_char(&l->out, '\n');
	return true;
}

static bool read_format(struct cli *l, struct simulate *s)
{
	struct str name = cli_value(l, "format");

	for (size_t i = 0; i < LEN(formats); i++)
		if (str_is(name, formats[i].name) || (name.n == 0 && i == 0))
			s->print = formats[i].print;
	if (!s->print)
		buf_printf(&l->err, "partnerd: --format is text, json or csv\n");
	return s->print != NULL;
}

static bool read_attribution(struct cli *l, struct simulate *s)
{
	bool keep = cli_given(l, "keep-attribution");

	s->in.attribution = cli_given(l, "attribution");
	s->in.attribution_told = s->in.attribution || keep;
	if (!s->in.attribution || !keep)
		return true;
	buf_printf(&l->err, "partnerd: --attribution and --keep-attribution exclude each other\n");
	return false;
}

static bool read_compare(struct cli *l, struct simulate *s)
{
	struct str text = cli_value(l, "compare");

	if (text.n == 0 || (str_to_int(text, &s->in.compare) && s->in.compare > 0))
		return true;
	buf_printf(&l->err, "partnerd: --compare is the number of a version of the terms\n");
	return false;
}

int cmd_simulate(struct cli *l)
{
	struct simulate s = { .in = { .terms = cli_value(l, "terms"),
		                      .from = cli_value(l, "from"),
		                      .to = cli_value(l, "to"),
		                      .models = cli_given(l, "models") } };
	struct cli_task task = { .kind = WORK_READ, .run = simulate, .arg = &s };

	if (!read_format(l, &s) || !read_compare(l, &s) || !read_attribution(l, &s))
		return CLI_USAGE;
	return cli_org(l, &task.org_id) && cli_do(l, &task) ? CLI_OK : CLI_FAILED;
}
