# Events that are neither leads nor sales: referrals, projects, deals, goals.
campaign deals 5% trigger deal_closed hold 0d
  rewards: [{"if": {"event": "project_delivered"}, "reward": {"type": "fixed", "amount": 50000}}, {"if": {"event": "goal", "attributes": {"goal": "demo"}}, "reward": {"type": "fixed", "amount": 2500}}]
  tiers: {"by": "projects", "steps": [{"from": 2, "reward": {"type": "percentage", "value": "8"}}]}
partner bob
code BOB
partner ann

event d1 deal_closed 10000.00 customer eve code BOB
expect commission d1 bob 500.00
again -> 200

# A customer is not needed; what was delivered counts for the tiers.
event p1 project_delivered partner bob
expect commission p1 bob 500.00
expect credited p1 bob
event p2 project_delivered partner bob
event d2 deal_closed 10000.00 customer eve
expect commission d2 bob 800.00

event g1 goal goal demo customer zoe code BOB
expect commission g1 bob 25.00
event g2 goal goal newsletter customer zoe
expect commission g2 none
expect says g2 "No commission"

# Nothing pays for qualified referrals here; nobody is known for the second one.
event q1 qualified_referral customer zoe
expect commission q1 none
event q2 qualified_referral customer stranger
expect credited q2 nobody

# A partner in several campaigns: the oldest that pays for it.
campaign works 100.00 trigger project_delivered
campaign referrals 40.00 trigger qualified_referral
partner sue in works
partner sue in referrals email sue@partner.example
event q3 qualified_referral customer max partner sue
expect commission q3 sue 40.00
