/* SPDX-License-Identifier: Apache-2.0 */
#include "click/click.h"
#include "click/agent.h"
#include "click/anonymiser.h"
#include "click/link_file.h"
#include "click/target.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"

#include <arpa/inet.h>
#include <sodium.h>
#include <stdatomic.h>
#include <stdlib.h>

#define ADDRESS_MAX 64
#define AGENT_MAX 512

struct clicks {
	struct link_table *links;
	struct link_file *file;      /* NULL: links are not kept on disk */
	bool links_known;
	struct journal *journal;
	struct drain *drain;
	struct anonymisers *anonymisers;
	int64_t number;              /* of this struct, among all there have been */
	unsigned char secret[crypto_generichash_BYTES];
	_Alignas(64) _Atomic int64_t counts[CLICK_COUNTS];
};

/* ---- devices */

struct day_key {
	int64_t number, day;
	unsigned char key[crypto_shorthash_KEYBYTES];
};

/* Each thread keeps the key of the day it last worked for. */
static const unsigned char *key_of_day(const struct clicks *k, int64_t day)
{
	static _Thread_local struct day_key own;

	if (own.number != k->number || own.day != day) {
		own.number = k->number;
		own.day = day;
		crypto_generichash(own.key, sizeof(own.key), (const unsigned char *)&day,
				   sizeof(day), k->secret, sizeof(k->secret));
	}
	return own.key;
}

/* The part of an address that stays with a household; what is no address is taken as it is. */
static size_t put_address(unsigned char out[ADDRESS_MAX], struct str ip)
{
	char text[ADDRESS_MAX];
	struct in6_addr six;
	size_t n = ip.n < ADDRESS_MAX - 1 ? ip.n : ADDRESS_MAX - 1;

	if (n)
		memcpy(text, ip.p, n);
	text[n] = '\0';
	if (memchr(text, ':', n) && inet_pton(AF_INET6, text, &six) == 1) {
		bool is_four = IN6_IS_ADDR_V4MAPPED(&six);

		memcpy(out, is_four ? six.s6_addr + 12 : six.s6_addr, is_four ? 4 : 8);
		return is_four ? 4 : 8;
	}
	if (inet_pton(AF_INET, text, out) == 1)
		return 4;
	memcpy(out, text, n);
	return n;
}

uint64_t click_device(const struct clicks *k, const struct visit *v)
{
	unsigned char text[ADDRESS_MAX + 1 + AGENT_MAX], hash[crypto_shorthash_BYTES];
	size_t n = put_address(text, v->ip);
	size_t agent = v->user_agent.n < AGENT_MAX ? v->user_agent.n : AGENT_MAX;
	uint64_t device;

	text[n++] = '\n';
	if (agent)
		memcpy(text + n, v->user_agent.p, agent);
	crypto_shorthash(hash, text, n + agent, key_of_day(k, v->at_ms / MS_PER_DAY));
	memcpy(&device, hash, sizeof(device));
	return device;
}

struct str click_device_text(struct arena *a, uint64_t device)
{
	static const char digits[] = "0123456789abcdef";
	char *p = arena_alloc(a, 17);

	for (size_t i = 16; i-- > 0; device >>= 4)
		p[i] = digits[device & 15];
	return (struct str){ p, 16 };
}

/* ---- recording */

void click_make(struct clicks *k, struct arena *a, const struct link_entry *link,
                const struct visit *v, struct click *out)
{
	*out = (struct click){
		.id = id_new(),
		.org_id = link->org_id,
		.link_id = link->link_id,
		.partner_id = link->partner_id,
		.campaign_id = link->campaign_id,
		.at_ms = v->at_ms,
		.device = click_device(k, v),
		.referrer = target_host(a, v->referrer),
		.utm = target_utm(a, v->query),
		.sub = target_sub(a, v->query),
		.country = v->country,
		.flags = v->flags | (agent_is_bot(v->user_agent) ? CLICK_BOT : 0)
		         | (anonymisers_have(k->anonymisers, v->ip) ? CLICK_ANONYMISER : 0),
	};
}

bool click_keep(struct clicks *k, const struct click *click)
{
	if (click->flags & CLICK_BOT)
		click_count(k, CLICK_BOTS);
	return journal_append(k->journal, click);
}

bool click_record(struct clicks *k, struct arena *a, const struct link_entry *link,
                  const struct visit *v, int64_t *out_id)
{
	struct click click;

	click_make(k, a, link, v, &click);
	*out_id = click.id;
	return click_keep(k, &click);
}

bool click_find_recent(struct clicks *k, struct arena *a, int64_t org_id, int64_t click_id,
                       struct click *out)
{
	return k->drain && drain_find(k->drain, a, org_id, click_id, out);
}

void click_count(struct clicks *k, enum click_count what)
{
	atomic_fetch_add_explicit(&k->counts[what], 1, memory_order_relaxed);
}

/* ---- life */

struct clicks *click_open(struct ctx *c, const struct click_config *config)
{
	static _Atomic int64_t numbers;
	struct journal_config journal = {
		.dir = arena_printf(c->arena, "%.*s/click", STR_ARG(config->data_dir)),
		.segment_bytes = config->segment_bytes,
		.lazy = !config->work && !config->eager, .strict = config->strict,
	};
	struct anonymisers *anonymisers;

	if (!anonymisers_read(c, config->anonymisers, &anonymisers))
		return NULL;
	struct journal *j = journal_open(c, &journal);

	if (!j) {
		anonymisers_free(anonymisers);
		return NULL;
	}
	struct clicks *k = aligned_alloc(64, (sizeof(*k) + 63) & ~(size_t)63);
	struct str secret = config->secret;

	CHECK(k);
	memset(k, 0, sizeof(*k));
	k->number = atomic_fetch_add(&numbers, 1) + 1;
	k->journal = j;
	k->anonymisers = anonymisers;
	if (!secret.n)
		secret = (struct str){ (const char *)journal_secret(j), JOURNAL_SECRET_BYTES };
	crypto_generichash(k->secret, sizeof(k->secret), (const unsigned char *)secret.p, secret.n,
	                   (const unsigned char *)"partnerd devices", 16);
	k->links = link_table_new(config->links_expected);
	if (config->work) {
		k->file = link_file_open(c, journal.dir, k->links, &k->links_known);
		link_table_sweep_begin(k->links);
		struct drain_config drain = { .journal = j,
					      .work = config->work,
					      .app = config->app,
					      .delay_ms = config->drain_delay_ms };

		k->drain = drain_start(&drain);
	}
	if (!config->work && !config->eager)
		k->file = link_file_guard(c, journal.dir, k->links);
	fail_clear(c); /* without the file everything works, but starts more slowly */
	return k;
}

void click_close(struct clicks *k, int64_t ms)
{
	if (!k)
		return;
	if (k->drain)
		drain_stop(k->drain, ms);
	journal_close(k->journal);
	link_file_close(k->file);
	link_table_free(k->links);
	anonymisers_free(k->anonymisers);
	sodium_memzero(k->secret, sizeof(k->secret));
	free(k);
}

bool click_links_known(const struct clicks *k)
{
	return k->links_known;
}

void click_links_confirmed(struct clicks *k, bool complete)
{
	(void)link_table_sweep_end(k->links, complete);
	if (complete)
		link_file_rebase(k->file);
}

struct link_table *click_links(struct clicks *k)
{
	return k->links;
}

struct drain *click_drain(struct clicks *k)
{
	return k->drain;
}

struct journal *click_journal(struct clicks *k)
{
	return k->journal;
}

struct click_stats click_stats(struct clicks *k)
{
	struct click_stats s = { .links = link_table_stats(k->links),
	                         .journal = journal_stats(k->journal) };

	if (k->drain)
		s.drain = drain_stats(k->drain);
	for (int i = 0; i < CLICK_COUNTS; i++)
		s.count[i] = atomic_load_explicit(&k->counts[i], memory_order_relaxed);
	return s;
}
