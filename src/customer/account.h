/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CUSTOMER_ACCOUNT_H
#define CUSTOMER_ACCOUNT_H

#include "customer/customer.h"

/*
 * Accounts: which company or person is behind a customer.
 *
 * Two customers are of one account if they have the same mailbox (customer/address.h), or
 * addresses at the same host, unless anybody can have a mailbox there (customer/mail_host.h).
 * Hosts are compared as a whole: sales.acme.com is not acme.com. What is compared are keys,
 * 63 bits of the digest of the address or host.
 *
 * Customers by these keys are kept only where somebody asks. The first time, the job
 * "accounts-begin" reads all customers, page by page; from then on the job "accounts" follows, and
 * account_customers() takes in the few that it has not met.
 */

#define ACCOUNT_KEYS_MAX 5

struct account_keys {
	int64_t all[ACCOUNT_KEYS_MAX]; /* those from count on are 0, which is no key */
	size_t count;
};

/* The host of an address or, of one where anybody can have a mailbox, "". In lower case. */
struct str account_host(struct arena *a, struct str address);

/*
 * A host as people type or paste it (Acme.com, https://www.acme.com/about) in its one form;
 * "" if it is none.
 */
struct str account_domain(struct arena *a, struct str typed);

/* Add a key; what is "" adds none. An address adds its host too, if that is a company's own. */
void account_add_address(struct account_keys *keys, struct arena *a, struct str address);
void account_add_domain(struct account_keys *keys, struct str domain);
void account_add_customer(struct account_keys *keys, struct str external_id);

/*
 * Customers with an address of these keys, of the newest 500 those who have bought most first, at
 * most 50. ERR_BUSY while there are more than a few to be taken in first; the job is woken.
 */
bool account_customers(struct ctx *c, const struct account_keys *keys, struct list *out);

/* The jobs: begin, and go on; go on only where it was begun. */
bool account_begin(struct ctx *c, bool *out_more);
bool account_follow(struct ctx *c, bool *out_more);

/* Somebody is about to ask: have the job begin. Cheap; for readers too. */
void account_wake(struct ctx *c);

/* The address of a customer has come to be known after the customer. */
bool account_note(struct ctx *c, const struct customer *cu);

extern const struct sql *const account_sql[];

#endif
