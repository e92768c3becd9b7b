/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_MAIL_HOST_H
#define CUSTOMER_MAIL_HOST_H

#include "base/str.h"

/*
 * Hosts where anybody can have a mailbox: what two addresses there have in common says nothing
 * about whom they belong to. All others are taken for a company's own.
 */

/* In lower case. Also true of subdomains (uk.yahoo.com) and of "". */
bool mail_host_is_public(struct str host);

#endif
