/* SPDX-License-Identifier: Apache-2.0 */
#include "click/link_file_io.h"
#include "base/check.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#define BUFFER_BYTES ((size_t)1 << 20)

static const char magic[8] = "pdlinks1";
static const unsigned char key[crypto_shorthash_KEYBYTES] = "partnerd: links";

/* How each file begins. */
struct file_head {
	char magic[8];
	char boot[LINK_FILE_BOOT_BYTES]; /* which start of the machine wrote it */
};

/* One link, or a mark; texts follow, in whole units of 8 bytes. */
struct file_entry {
	uint32_t check; /* of all that follows */
	uint16_t bytes; /* with the texts */
	uint8_t op;
	uint8_t flags;
	uint8_t slug_len, host_len;
	uint16_t url_len, cookie_days;
	uint16_t spare[1];
	int64_t org_id, link_id, partner_id, campaign_id, enrolment_id;
};

#define ENTRY_MAX (sizeof(struct file_entry) + LINK_SLUG_MAX + LINK_HOST_MAX + LINK_URL_MAX + 8)

void link_file_boot(char out[LINK_FILE_BOOT_BYTES])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);

	memset(out, 0, LINK_FILE_BOOT_BYTES);
	if (fd >= 0 && read(fd, out, LINK_FILE_BOOT_BYTES - 1) < 0)
		memset(out, 0, LINK_FILE_BOOT_BYTES);
	if (fd >= 0)
		close(fd);
}

bool link_out_flush(struct link_out *o)
{
	for (size_t at = 0; at < o->used && !o->failed;) {
		ssize_t n = write(o->fd, o->buffer + at, o->used - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			o->failed = true;
		else
			at += (size_t)n;
	}
	o->written += (int64_t)o->used;
	o->used = 0;
	return !o->failed;
}

static void out_put(struct link_out *o, const void *p, size_t n)
{
	if (o->used + n > BUFFER_BYTES)
		(void)link_out_flush(o);
	memcpy(o->buffer + o->used, p, n);
	o->used += n;
}

bool link_out_open(struct link_out *o, int dir_fd, const char *name)
{
	struct file_head head = { .boot = { 0 } };

	*o = (struct link_out){ .fd = openat(dir_fd, name,
		                        O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) };
	if (o->fd < 0)
		return false;
	o->buffer = malloc(BUFFER_BYTES);
	CHECK(o->buffer);
	memcpy(head.magic, magic, sizeof(magic));
	link_file_boot(head.boot);
	out_put(o, &head, sizeof(head));
	return link_out_flush(o);
}

void link_out_close(struct link_out *o)
{
	if (o->fd >= 0)
		close(o->fd);
	free(o->buffer);
	*o = (struct link_out){ .fd = -1 };
}

static uint32_t check_of(const struct file_entry *e)
{
	unsigned char hash[crypto_shorthash_BYTES];
	uint32_t check;

	crypto_shorthash(hash, (const unsigned char *)e + sizeof(e->check),
	                 e->bytes - sizeof(e->check), key);
	memcpy(&check, hash, sizeof(check));
	return check;
}

static char *put_text(char *at, struct str s)
{
	if (s.n)
		memcpy(at, s.p, s.n);
	return at + s.n;
}

void link_out_put(struct link_out *o, enum link_file_op op, const struct link_entry *link)
{
	_Alignas(8) char room[ENTRY_MAX] = { 0 };
	struct file_entry *e = (struct file_entry *)(void *)room;
	size_t bytes = sizeof(*e) + link->slug.n + link->host.n + link->url.n;

	*e = (struct file_entry){ .bytes = (uint16_t)((bytes + 7) & ~(size_t)7),
		                  .op = (uint8_t)op,
		                  .flags = (uint8_t)link->flags,
		                  .slug_len = (uint8_t)link->slug.n,
		                  .host_len = (uint8_t)link->host.n,
		                  .url_len = (uint16_t)link->url.n,
		                  .cookie_days = (uint16_t)link->cookie_days,
		                  .org_id = link->org_id,
		                  .link_id = link->link_id,
		                  .partner_id = link->partner_id,
		                  .campaign_id = link->campaign_id,
		                  .enrolment_id = link->enrolment_id };
	put_text(put_text(put_text((char *)(e + 1), link->slug), link->host), link->url);
	e->check = check_of(e);
	out_put(o, e, e->bytes);
}

/* n bytes at the reading place, or NULL at the end. */
static char *in_take(struct link_in *in, size_t n)
{
	while (in->have - in->at < n) {
		memmove(in->buffer, in->buffer + in->at, in->have - in->at);
		in->have -= in->at;
		in->at = 0;
		ssize_t got = read(in->fd, in->buffer + in->have, BUFFER_BYTES - in->have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return NULL;
		in->have += (size_t)got;
	}
	in->at += n;
	return in->buffer + in->at - n;
}

/* The next entry; NULL at the end or where something is damaged. */
static const struct file_entry *in_entry(struct link_in *in)
{
	const struct file_entry *e = (void *)in_take(in, sizeof(*e));

	if (!e || e->bytes < sizeof(*e) || e->bytes % 8 || e->bytes > ENTRY_MAX)
		return NULL;
	size_t bytes = e->bytes;

	in->at -= sizeof(*e);
	e = (void *)in_take(in, bytes);
	if (!e || e->check != check_of(e)
	    || sizeof(*e) + e->slug_len + e->host_len + e->url_len > bytes)
		return NULL;
	return e;
}

static void decode(const struct file_entry *e, struct link_entry *out)
{
	const char *texts = (const char *)(e + 1);

	*out = (struct link_entry){
		.org_id = e->org_id,
		.link_id = e->link_id,
		.partner_id = e->partner_id,
		.campaign_id = e->campaign_id,
		.enrolment_id = e->enrolment_id,
		.slug = { texts, e->slug_len },
		.host = { texts + e->slug_len, e->host_len },
		.url = { texts + e->slug_len + e->host_len, e->url_len },
		.cookie_days = e->cookie_days,
		.flags = e->flags & LINK_SUSPENDED,
	};
}

enum link_file_op link_in_next(struct link_in *in, struct link_entry *out)
{
	const struct file_entry *e = in_entry(in);

	if (!e)
		return LINK_FILE_NOTHING;
	decode(e, out);
	return (enum link_file_op)e->op;
}

bool link_in_open(struct link_in *in, int dir_fd, const char *name)
{
	const struct file_head *head;

	*in = (struct link_in){ .fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC) };
	if (in->fd < 0)
		return false;
	in->buffer = malloc(BUFFER_BYTES);
	CHECK(in->buffer);
	head = (void *)in_take(in, sizeof(*head));
	if (!head || memcmp(head->magic, magic, sizeof(magic)) != 0) {
		link_in_close(in);
		return false;
	}
	memcpy(in->boot, head->boot, sizeof(in->boot));
	return true;
}

void link_in_close(struct link_in *in)
{
	if (in->fd >= 0)
		close(in->fd);
	free(in->buffer);
	*in = (struct link_in){ .fd = -1 };
}
