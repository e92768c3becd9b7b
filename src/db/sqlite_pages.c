/* SPDX-License-Identifier: Apache-2.0 */
#include "db/sqlite_pages.h"

#include "base/check.h"

#include <stdlib.h>
#include <string.h>

/* The header of the file: https://www.sqlite.org/fileformat2.html#the_database_header */
#define HEADER_BYTES 100
enum { AT_PAGE_SIZE = 16, AT_RESERVED = 20, AT_ENCODING = 56 };
#define UTF8 1
#define USABLE_MIN 480

static bool read_bytes(const struct pages *p, void *to, size_t n, sqlite3_int64 offset)
{
	const struct still *s = p->still;

	return still_holds(s) && s->below->xRead(s->file, to, (int)n, offset) == SQLITE_OK;
}

static bool is_power_of_two(size_t n)
{
	return n > 0 && (n & (n - 1)) == 0;
}

bool pages_init(struct pages *p, const struct still *still, uint32_t *out_count)
{
	unsigned char header[HEADER_BYTES];
	sqlite3_int64 bytes;

	*p = (struct pages){ .still = still };
	if (!read_bytes(p, header, sizeof(header), 0)
	    || memcmp(header, "SQLite format 3", 16) != 0)
		return false;
	p->size = (size_t)header[AT_PAGE_SIZE] << 8 | header[AT_PAGE_SIZE + 1];
	p->size = p->size == 1 ? 65536 : p->size;
	if (!is_power_of_two(p->size) || p->size < 512 || header[AT_ENCODING + 3] != UTF8)
		return false;
	p->usable = p->size - header[AT_RESERVED];
	p->run = malloc(PAGES_RUN * p->size + PAGES_SLACK);
	CHECK(p->run != NULL);
	if (p->usable < USABLE_MIN || still->below->xFileSize(still->file, &bytes) != SQLITE_OK)
		return false;
	*out_count = (uint32_t)(bytes / (sqlite3_int64)p->size);
	return true;
}

void pages_release(struct pages *p)
{
	free(p->run);
	*p = (struct pages){ 0 };
}

const unsigned char *pages_find(const struct pages *p, uint32_t number)
{
	uint32_t at = number - p->first;

	return number >= p->first && at < p->count ? p->run + at * p->size : NULL;
}

static bool read_pages(const struct pages *p, uint32_t number, uint32_t count, unsigned char *to)
{
	return number > 0
	    && read_bytes(p, to, count * p->size, (sqlite3_int64)(number - 1) * (int64_t)p->size);
}

const unsigned char *pages_read(struct pages *p, uint32_t number, uint32_t count)
{
	CHECK(count > 0 && count <= PAGES_RUN);
	p->first = number;
	p->count = read_pages(p, number, count, p->run) ? count : 0;
	return pages_find(p, number);
}

bool pages_copy(const struct pages *p, uint32_t number, unsigned char *to)
{
	return read_pages(p, number, 1, to);
}
