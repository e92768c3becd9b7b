/* SPDX-License-Identifier: Apache-2.0 */
#include "base/check.h"
#include "cli/cmd.h"

#define ORG { "org", CLI_TEXT, true, "SLUG", "the organisation, by slug or id" }
#define ANY_ORG { "org", CLI_TEXT, false, "SLUG", "only this organisation" }
#define EMAIL { "email", CLI_TEXT, true, "ADDRESS", "the user's e-mail address" }
#define PASSWORD { "password-stdin", CLI_INPUT, false, NULL, "read the password from standard input" }

/* Everything that can be said after `partnerd`. The first row that fits is taken. */
const struct command commands[] = {
	{ "serve", "Run the server.", NULL, true, cmd_serve, { { 0 } }, .serves = true },
	{ "demo", "Run the server, with demo data made at the first start.", NULL, true, cmd_demo,
	  { { 0 } }, .serves = true },

	{ "org create", "Make an organisation; prints its id.", NULL, false, cmd_org_create,
	  { { "name", CLI_TEXT, true, "NAME", "what people call it" },
	    { "slug", CLI_TEXT, true, "SLUG", "what addresses call it: a-z 0-9 -" },
	    { "currency", CLI_TEXT, false, "CODE", "the currency of its reports [USD]" },
	    { "timezone", CLI_TEXT, false, "ZONE", "where its days begin [UTC]" },
	    { "workspace", CLI_TEXT, false, "ID", "the workspace above it" } },
	  .begins = true },
	{ "org list", "List the organisations.", NULL, false, cmd_org_list, { { 0 } } },
	{ "workspace create", "Make a workspace over organisations; prints its id.", NULL, false,
	  cmd_workspace_create, { { "name", CLI_TEXT, true, "NAME", "what people call it" } },
	  .begins = true },
	{ "workspace adopt", "Put an organisation under a workspace.", NULL, false,
	  cmd_workspace_adopt,
	  { { "workspace", CLI_TEXT, true, "ID", "the workspace; \"none\" takes it out" }, ORG } },
	{ "workspace member", "Give a user a role in all organisations of a workspace.", NULL,
	  false,
	  cmd_workspace_member,
	  { { "workspace", CLI_TEXT, true, "ID", "the workspace" },
	    EMAIL,
	    { "role", CLI_TEXT, true, "ROLE", "owner, admin, manager, viewer or none" } } },

	{ "user create", "Make a user who can sign in; prints its id.", NULL, false,
	  cmd_user_create,
	  { EMAIL, { "name", CLI_TEXT, true, "NAME", "what people call the user" }, PASSWORD },
	  .begins = true },
	{ "user list", "List the users.", NULL, false, cmd_user_list, { { 0 } } },
	{ "user password", "Set a user's password and end the sessions.", NULL, false,
	  cmd_user_password,
	  { EMAIL, { "password-stdin", CLI_INPUT, true, NULL, "read it from standard input" } } },
	{ "user disable", "Shut a user out.", NULL, false, cmd_user_disable, { EMAIL } },
	{ "user enable", "Let a user in again.", NULL, false, cmd_user_enable, { EMAIL } },

	{ "member add", "Give a user a role in an organisation.", NULL, false, cmd_member_add,
	  { ORG, EMAIL,
	    { "role", CLI_TEXT, true, "ROLE", "owner, admin, manager, viewer or partner" },
	    { "without", CLI_TEXT, false, "LIST", "take permissions away: money,personal_data" },
	    { "partner", CLI_TEXT, false, "ID",
	      "the partner to act for, with the role partner" } } },
	{ "member list", "List who has a role in an organisation.", NULL, false, cmd_member_list,
	  { ORG } },
	{ "member remove", "Take a user's role away.", NULL, false, cmd_member_remove,
	  { ORG, EMAIL, { "partner", CLI_TEXT, false, "ID", "the partner it acts for" } } },

	{ "key create", "Make an API key; prints it, once.", NULL, false, cmd_key_create,
	  { ORG,
	    { "name", CLI_TEXT, true, "NAME", "what it is for" },
	    { "scopes", CLI_TEXT, false, "LIST",
	      "all, read, write, admin, NOUN:read, NOUN:write [all]" } } },
	{ "key list", "List an organisation's API keys.", NULL, false, cmd_key_list, { ORG } },
	{ "key revoke", "Stop an API key at once.", NULL, false, cmd_key_revoke,
	  { ORG, { "id", CLI_TEXT, true, "ID", "the key's id" } } },

	{ "migrate", "Bring all data up to date with this version.", NULL, false, cmd_migrate,
	  { { 0 } }, .begins = true },
	{ "backup", "Copy everything into one file.", NULL, false, cmd_backup,
	  { { "to", CLI_PATH, true, "FILE", "the file to make" } } },
	{ "restore", "Fill an empty data directory or database from a backup.", NULL, true,
	  cmd_restore,
	  { { "from", CLI_PATH, true, "FILE", "the backup" } } },
	{ "job", "Run a job now; it returns when there is nothing left to do.", "NAME", false,
	  cmd_job,
	  { ANY_ORG, { "at", CLI_TEXT, false, "TIME", "as if it were then (RFC 3339)" } },
	  .more = cmd_job_more },

	{ "fx load", "Store exchange rates from a file of the European Central Bank.", NULL, false,
	  cmd_fx_load, { { "file", CLI_CONTENT, true, "FILE", "the XML file, \"-\" for standard input" } },
	  .begins = true },
	{ "fx show", "Print the last rates published on or before a day: day, currency, units for a euro.",
	  NULL, false, cmd_fx_show,
	  { { "date", CLI_TEXT, false, "DAY", "the day, like 2026-01-15 [today]" },
	    { "currency", CLI_TEXT, false, "CODE", "only this one" } } },

	{ "audit", "Prove the books, or print where they are wrong.", NULL, false, cmd_audit,
	  { ANY_ORG } },

	{ "ledger export", "Write the ledger, or a partner's statement, as a file that proves itself.",
	  NULL, false, cmd_ledger_export,
	  { ORG,
	    { "to", CLI_PATH, true, "FILE", "the file to make" },
	    { "partner", CLI_TEXT, false, "ID", "the statement of this partner instead" } } },
	{ "ledger key", "Print the key by which signed checkpoints and exports can be checked.", NULL,
	  false, cmd_ledger_key, { { 0 } } },
	{ "verify", "Check an exported ledger or statement, without any other data.", "FILE", true,
	  cmd_verify,
	  { { "public-key", CLI_TEXT, false, "KEY", "the key that must have signed it" } } },

	{ "simulate", "Say what the events of a campaign would have cost under other terms.", NULL,
	  false, cmd_simulate,
	  { ORG,
	    { "campaign", CLI_TEXT, true, "SLUG", "the campaign, by slug or id" },
	    { "terms", CLI_CONTENT, true, "FILE", "the other terms, as a JSON document" },
	    { "from", CLI_TEXT, false, "TIME", "only events from this day or moment on" },
	    { "to", CLI_TEXT, false, "TIME", "only events before this day or moment" },
	    { "compare", CLI_TEXT, false, "N",
	      "compare with version N of the terms [with those that were in force]" },
	    { "attribution", CLI_FLAG, false, NULL,
	      "judge by the other terms who is credited, too" },
	    { "models", CLI_FLAG, false, NULL, "show every attribution model side by side" },
	    { "format", CLI_TEXT, false, "FORMAT", "text, json or csv [text]" } } },

	{ "settings", "Print every setting, its value and where that comes from.", NULL, true,
	  cmd_settings, { { 0 } }, .serves = true },
	{ "routes", "Print every URL the server answers.", NULL, true, cmd_routes, { { 0 } } },
	{ "sql", "Print every SQL statement.", NULL, true, cmd_sql, { { 0 } } },
	{ "version", "Print the version.", NULL, true, cmd_version, { { 0 } } },
	{ "--version", "Print the version.", NULL, true, cmd_version, { { 0 } } },
};

const size_t command_count = LEN(commands);
