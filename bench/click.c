/* SPDX-License-Identifier: Apache-2.0 */
#include "click/redirect.h"
#include "base/check.h"
#include "base/clock.h"
#include "base/id.h"

#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/*
 * bench/click [LINKS] [DIR]: the click path inside one process, without sockets.
 *
 * Prints what a cold start with LINKS links costs in time and memory, then lookups,
 * journal appends (against one write(2) each, the simplest durable-after-kill way)
 * and whole redirects, with the slow end of the distribution.
 */

#define LOOKUPS 4000000
#define APPENDS 1000000
#define REDIRECTS 1000000
#define SAMPLES 1000000

static int64_t resident_kib(void)
{
	char line[128];
	long long kib = 0;
	FILE *in = fopen("/proc/self/status", "r");

	while (in && fgets(line, sizeof(line), in))
		if (sscanf(line, "VmRSS: %lld", &kib) == 1)
			break;
	if (in)
		fclose(in);
	return kib;
}

/* Processor time of this thread: what the work costs, whoever else uses the machine. */
static int64_t busy_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void print_times(const char *what, int64_t *ns, size_t n)
{
	qsort(ns, n, sizeof(*ns), by_size);
	printf("%-34s p50 %.2f us  p99 %.2f us  p99.9 %.2f us  max %.0f us\n", what,
	       (double)ns[n / 2] / 1e3, (double)ns[n / 100 * 99] / 1e3,
	       (double)ns[n / 1000 * 999] / 1e3, (double)ns[n - 1] / 1e3);
}

/* Slugs that do not come in order: a number's digits in base 32, scrambled. */
static struct str slug_of(char out[16], int64_t i)
{
	static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz";
	uint64_t x = ((uint64_t)i * 0x9E3779B1u) & 0xFFFFFFFFFFu;

	for (int k = 0; k < 8; k++, x >>= 5)
		out[k] = digits[x & 31];
	return (struct str){ out, 8 };
}

static void load(struct link_table *t, int64_t links)
{
	int64_t before = resident_kib(), start = busy_ns();
	char slug[16], url[160];

	for (int64_t i = 0; i < links; i++) {
		int n = snprintf(url, sizeof(url), "https://shop.example.com/products/item-%lld"
		                 "?utm_source=partner&utm_medium=affiliate", (long long)i);
		struct link_entry e = {
			.org_id = i % 1000 + 1,
			.link_id = i + 1,
			.partner_id = i / 10 + 1,
			.campaign_id = i % 1000 * 3 + i % 3,
			.enrolment_id = i / 10 + 1,
			.cookie_days = 90,
			.slug = slug_of(slug, i),
			.url = { url, (size_t)n },
		};

		CHECK(link_table_add(t, &e));
	}
	printf("%-34s %.2f s of processor time, %lld MiB resident more, %lld MiB in the table\n",
	       "load", (double)(busy_ns() - start) / 1e9,
	       (long long)(resident_kib() - before) / 1024,
	       (long long)link_table_stats(t).bytes >> 20);
}

struct job {
	struct clicks *clicks;
	int64_t links;
	unsigned seed;
	int64_t busy_ns; /* what the thread took */
};

static void *look_up(void *arg)
{
	struct job *j = arg;
	struct link_table *t = click_links(j->clicks);
	char slug[16];

	int64_t start = busy_ns();

	for (int i = 0; i < LOOKUPS; i++) {
		struct link_entry e;

		j->seed = j->seed * 1103515245u + 12345u;
		struct link_pin pin = link_table_pin(t);

		struct str name = slug_of(slug, (int64_t)(j->seed % (uint64_t)j->links));

		CHECK(link_table_find(t, STR("go.example"), name, &e));
		link_table_unpin(pin);
	}
	j->busy_ns = busy_ns() - start;
	return NULL;
}

static struct click sample(void)
{
	return (struct click){ .id = 1,
			       .org_id = 2,
			       .link_id = 3,
			       .partner_id = 4,
			       .campaign_id = 5,
			       .at_ms = 6,
			       .device = 7,
			       .referrer = STR("www.youtube.com") };
}

static void append(struct journal *j, const struct click *k)
{
	while (!journal_append(j, k))
		usleep(100);
}

static void *append_all(void *arg)
{
	struct job *j = arg;
	struct click k = sample();

	int64_t start = busy_ns();

	for (int i = 0; i < APPENDS; i++)
		append(click_journal(j->clicks), &k);
	j->busy_ns = busy_ns() - start;
	return NULL;
}

/* Nanoseconds of processor time for each of `count` steps, all threads together. */
static double in_threads(void *(*fn)(void *arg), struct job job, int threads, int count)
{
	pthread_t ids[16];
	struct job jobs[16];
	int64_t sum = 0;

	for (int i = 0; i < threads; i++) {
		jobs[i] = job;
		jobs[i].seed = (unsigned)i + 1;
		CHECK(pthread_create(&ids[i], NULL, fn, &jobs[i]) == 0);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(ids[i], NULL);
		sum += jobs[i].busy_ns;
	}
	return (double)sum / threads / count;
}

static double plain_writes(const char *dir)
{
	char path[300], record[128] = { 1 };

	snprintf(path, sizeof(path), "%s/plain", dir);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_TRUNC, 0600);
	int64_t start = busy_ns();

	CHECK(fd >= 0);
	for (int i = 0; i < APPENDS; i++)
		CHECK(write(fd, record, sizeof(record)) == (ssize_t)sizeof(record));
	double took = (double)(busy_ns() - start) / APPENDS;

	close(fd);
	unlink(path);
	return took;
}

/* A paced stream, as under real load: what the flusher and the disk do to single appends. */
static void append_times(struct journal *j, int64_t *ns)
{
	struct click k = sample();
	size_t n = SAMPLES / 4;
	int64_t next = clock_mono_ns();

	for (size_t i = 0; i < n; i++) {
		while (clock_mono_ns() < next)
			;
		int64_t start = clock_mono_ns();

		append(j, &k);
		ns[i] = clock_mono_ns() - start;
		next += 10000;
	}
	print_times("append at 100000/s", ns, n);
}

static const struct req_header headers[] = {
	{ STR_INIT("Host"), STR_INIT("go.example") },
	{ STR_INIT("User-Agent"),
	  STR_INIT("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 "
	           "(KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1") },
	{ STR_INIT("Accept"), STR_INIT("text/html,application/xhtml+xml") },
	{ STR_INIT("Accept-Language"), STR_INIT("de-AT,de;q=0.9") },
	{ STR_INIT("Accept-Encoding"), STR_INIT("gzip, deflate, br") },
	{ STR_INIT("Referer"), STR_INIT("https://www.youtube.com/watch?v=1234567890") },
	{ STR_INIT("Sec-Fetch-Mode"), STR_INIT("navigate") },
	{ STR_INIT("Sec-Fetch-Dest"), STR_INIT("document") },
};

static void redirect_one(struct ctx *c, int64_t i, int64_t links)
{
	char slug[16];
	struct req q = { .arena = c->arena, .args = { slug_of(slug, i * 7919LL % links) },
	                 .arg_count = 1, .host = STR("go.example"), .headers = headers,
	                 .header_count = LEN(headers), .remote_ip = STR("203.0.113.77") };
	struct res r;

	res_init(&r, c->arena);
	CHECK(redirect_run(c, &q, &r) && r.status == 302);
	arena_reset(c->arena);
}

static void redirect_times(int64_t links, int64_t *ns)
{
	struct arena arena;
	struct ctx c = { .arena = &arena, .now_ms = clock_now_ms() };
	int64_t start = busy_ns();

	arena_init(&arena);
	for (int i = 0; i < REDIRECTS; i++)
		redirect_one(&c, i, links);
	printf("%-34s %.2f us of processor time each (budget 3 us)\n", "redirect, one thread",
	       (double)(busy_ns() - start) / 1e3 / REDIRECTS);
	for (int i = 0; i < REDIRECTS; i++) {
		start = clock_mono_ns();
		redirect_one(&c, i, links);
		ns[i] = clock_mono_ns() - start;
	}
	print_times("redirect, back to back", ns, REDIRECTS);
	arena_release(&arena);
}

static void measure(struct clicks *k, int64_t links, const char *dir)
{
	struct job job = { .clicks = k, .links = links };
	int64_t *ns = calloc(SAMPLES, sizeof(*ns));

	CHECK(ns);
	for (int threads = 1; threads <= 2; threads++)
		printf("lookup, %d thread%-18s %.0f ns\n", threads, threads > 1 ? "s" : "",
		       in_threads(look_up, job, threads, LOOKUPS));
	double plain = plain_writes(dir), own = in_threads(append_all, job, 1, APPENDS);

	printf("%-34s %.0f ns, %.2f x a write(2)\n", "append, 1 thread", own, own / plain);
	printf("%-34s %.0f ns\n", "append, 2 threads", in_threads(append_all, job, 2, APPENDS));
	append_times(click_journal(k), ns);
	redirect_times(links, ns);
	struct journal_stats s = journal_stats(click_journal(k));

	printf("%-34s %lld, waits for a segment %lld, flushes %lld\n", "journalled",
	       (long long)s.appended, (long long)s.lost, (long long)s.flushes);
	free(ns);
}

static int remove_entry(const char *path, const struct stat *st, int flag, struct FTW *at)
{
	(void)st;
	(void)flag;
	(void)at;
	return remove(path);
}

int main(int argc, char **argv)
{
	int64_t links = 1000000;
	char dir[] = "/tmp/partnerd-bench-XXXXXX";
	struct arena arena;
	struct ctx c = { .arena = &arena };

	if (argc > 1)
		CHECK(str_to_int(str_from(argv[1]), &links) && links > 0);
	const char *data = argc > 2 ? argv[2] : mkdtemp(dir);

	CHECK(data);
	arena_init(&arena);
	struct click_config config = { .data_dir = str_from(data), .links_expected = links,
	                               .eager = true };
	struct clicks *k = click_open(&c, &config);

	CHECK(k);
	load(click_links(k), links);
	redirect_use(k);
	measure(k, links, data);
	journal_release(click_journal(k), journal_head(click_journal(k)));
	click_close(k, 0);
	arena_release(&arena);
	if (argc <= 2)
		nftw(dir, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
