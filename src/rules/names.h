/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULES_NAMES_H
#define RULES_NAMES_H

/*
 * The outside names of the rules' enums, in their order, each list ended by NULL. They stand
 * in terms documents and in explanations, and never change their meaning.
 * names_find() of base/field.h finds one.
 */
extern const char *const trigger_names[];
extern const char *const reward_type_names[]; /* from REWARD_NONE */
extern const char *const tiers_by_names[];    /* from TIERS_NONE */
extern const char *const period_names[];
extern const char *const chain_mode_names[];
extern const char *const chain_compute_names[];
extern const char *const cap_scope_names[];
extern const char *const clawback_names[];
extern const char *const signal_names[];
extern const char *const model_names[];
extern const char *const ownership_names[];

extern const char *const rule_names[];
extern const char *const why_names[];
extern const char *const gate_names[];
extern const char *const hold_names[];        /* by bit */
extern const char *const lost_names[];
extern const char *const earning_kind_names[];
extern const char *const unpayable_names[];   /* from PAYABLE */
extern const char *const partner_standing_names[];

#endif
