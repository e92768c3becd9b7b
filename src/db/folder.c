/* SPDX-License-Identifier: Apache-2.0 */
#include "db/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

bool folder_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why;
	bool ok = fd >= 0 && fsync(fd) == 0;

	why = errno;
	if (fd >= 0)
		close(fd);
	errno = why;
	return ok;
}
