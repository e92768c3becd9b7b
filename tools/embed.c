/* SPDX-License-Identifier: Apache-2.0 */

/*
 * embed OUT ROOT FILE...: write a C file that holds the given files.
 *
 * The contents are pulled in by the assembler (.incbin), which is fast for any
 * size. The size and a hash of each file are written beside it, so that the
 * output differs, and is compiled again, whenever a file does.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
	char *path;       /* absolute */
	char name[512];   /* as the program knows it */
	unsigned long long size_bytes;
	uint64_t hash;
};

static const char *output;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "embed: %s\n", what);
	if (output)
		remove(output);
	exit(1);
}

static void measure(struct file *f)
{
	FILE *in = fopen(f->path, "rb");
	int c;

	if (!in)
		die(f->path);
	f->hash = 14695981039346656037u; /* FNV-1a */
	while ((c = getc(in)) != EOF) {
		f->hash = (f->hash ^ (uint64_t)c) * 1099511628211u;
		f->size_bytes++;
	}
	if (ferror(in))
		die(f->path);
	fclose(in);
}

/* "ROOT/web/dist/app.css" becomes "web/app.css". */
static void name_it(struct file *f, const char *root)
{
	static const char built[] = "web/dist/";
	const char *name = f->path + strlen(root) + 1;
	const char *prefix = "";

	if (strncmp(f->path, root, strlen(root)) != 0)
		die("a file is outside of the source folder");
	if (strncmp(name, built, sizeof(built) - 1) == 0) {
		name += sizeof(built) - 1;
		prefix = "web/";
	}
	if ((size_t)snprintf(f->name, sizeof(f->name), "%s%s", prefix, name) >= sizeof(f->name))
		die("a name is too long");
	if (strpbrk(f->path, "\"\\\n"))
		die("a path has a quote, a backslash or a line feed in it");
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void write_data(FILE *out, const struct file *f, size_t i)
{
	fprintf(out, "/* %s, %016llx */\n", f->name, (unsigned long long)f->hash);
	fprintf(out, "extern const unsigned char embed_%zu[];\n", i);
	fprintf(out, "__asm__(\".pushsection .rodata\\n.balign 16\\nembed_%zu:\\n\"\n", i);
	fprintf(out, "        \".incbin \\\"%s\\\"\\n.byte 0\\n.popsection\\n\");\n\n", f->path);
}

static void write_all(FILE *out, const struct file *files, size_t count)
{
	fprintf(out, "/* Made by tools/embed. */\n#include \"base/embed_table.h\"\n\n");
	for (size_t i = 0; i < count; i++)
		write_data(out, &files[i], i);
	fprintf(out, "const size_t embed_count = %zu;\n", count);
	fprintf(out, "const struct embed embed_table[] = {\n");
	for (size_t i = 0; i < count; i++)
		fprintf(out, "\t{ \"%s\", embed_%zu, %llu },\n", files[i].name, i,
		        files[i].size_bytes);
	fprintf(out, "\t{ 0 },\n};\n");
}

int main(int argc, char **argv)
{
	size_t count = argc > 3 ? (size_t)argc - 3 : 0;
	struct file *files = calloc(count + 1, sizeof(*files));
	char *root = argc > 2 ? realpath(argv[2], NULL) : NULL;

	if (!root || !files)
		die("usage: embed OUT ROOT FILE...");
	output = argv[1];
	for (size_t i = 0; i < count; i++) {
		files[i].path = realpath(argv[i + 3], NULL);
		if (!files[i].path)
			die(argv[i + 3]);
		name_it(&files[i], root);
		measure(&files[i]);
	}
	qsort(files, count, sizeof(*files), by_name);

	FILE *out = fopen(output, "w");

	if (!out)
		die(output);
	write_all(out, files, count);
	if (fclose(out) != 0)
		die("cannot write");
	for (size_t i = 0; i < count; i++)
		free(files[i].path);
	free(files);
	free(root);
	return 0;
}
