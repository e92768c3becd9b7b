/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

static const char usage[] = "Usage: partnerd COMMAND [OPTION]...\n"
                            "\n"
                            "  version   print the version\n"
                            "  help      print this\n";

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "version") == 0 || strcmp(command, "--version") == 0)
		return puts("partnerd " PARTNERD_VERSION) < 0;
	if (strcmp(command, "help") == 0 || strcmp(command, "--help") == 0)
		return fputs(usage, stdout) < 0;
	fputs(usage, stderr);
	return 2;
}
