# Retroactive tiers: at the end of the quarter the tier reached counts for all of it.
advance to 10 January 12:00
campaign main 20% hold 0d
  tiers: {"by": "revenue", "period": "quarter", "retroactive": true, "steps": [{"from": 100000, "reward": {"type": "percentage", "value": "25"}}, {"from": 300000, "reward": {"type": "percentage", "value": "30"}}]}
partner ann
partner bob
sale a1 600.00 customer c1 partner ann
sale b1 600.00 customer c2 partner bob
advance to 10 March 12:00
sale a2 600.00 customer c3 partner ann
expect commission a2 ann 120.00
sale a3 100.00 customer c4 partner ann
expect commission a3 ann 25.00
job true-up
expect events true_up 0
advance to 1 April 00:01
job true-up
job mature
# 1,300.00 at 25 % are 325.00, 265.00 were earned; bob's tier was not reached
expect events true_up 1
expect balance ann payable 325.00
expect balance bob payable 120.00
job true-up
expect events true_up 1

# A refund after the quarter's end: 700.00 are left, below the tier. 140.00 in all.
advance to 20 April 12:00
refund r1 of a1
job true-up
job mature
expect events true_up 2
expect balance ann payable 140.00
again -> 200

# A sale of the quarter that comes late lifts it again: 1,200.00 at 25 % are 300.00.
sale a4 500.00 customer c5 partner ann ago 960h
job true-up
job mature
expect events true_up 3
expect balance ann payable 300.00
expect balance bob payable 120.00
job true-up
expect events true_up 3

# 20 % for all of it instead: 700.00 and 500.00 less 600.00 refunded … the true-ups are taken back with it.
restate preview part main since 30d -> 422
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}}
restate preview plain main reason "without tiers"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}}
expect restated plain ann 300.00 240.00
expect restated plain bob 120.00 120.00
restate approve plain
expect restated plain ann 300.00 240.00 posted -60.00
job mature
expect balance ann payable 240.00
job true-up
expect events true_up 3

# What comes later is judged by the terms in force: 25 % at 1,200.00, and again nothing for what is restated.
sale a5 100.00 customer c6 partner ann ago 900h
expect commission a5 ann 25.00
refund r2 of a2
job restate
job true-up
job mature
expect balance ann payable 140.00
expect events true_up 4
refund r3 of a3
refund r4 of a4
refund r5 of a5
job restate
job true-up
job mature
expect balance ann payable 0.00
