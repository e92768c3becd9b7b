# Refunds that a clawback had left to the end of the quarter, and a restatement of that quarter.
advance to 10 January 12:00
campaign solutions 20% hold 0d
  clawback: {"on_refund": "none", "on_dispute": "none", "true_up": "quarter"}
partner ann
partner bob parent ann
sale a1 600.00 customer c1 partner bob
sale a2 400.00 customer c2 partner bob
refund r1 of a1 300.00
job mature
expect balance bob payable 200.00

# The quarter is not over: what is refunded is gone from what the run gives. 10 % of 700.00, and of that for Ann.
restate preview early solutions reason "less, and for Ann"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "10"}, "chain": {"mode": "on_top", "levels": [{"percent": "10"}]}}
expect restated early bob 200.00 70.00
expect restated early ann 0.00 7.00
restate cancel early
advance to 1 April 00:01
job true-up
job mature
expect events true_up 1
expect balance bob payable 140.00

restate preview late solutions reason "less, and for Ann"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "10"}, "hold_days": 0, "chain": {"mode": "on_top", "levels": [{"percent": "10"}]}}
expect restated late bob 140.00 70.00
expect restated late ann 0.00 7.00
restate approve late
job mature
expect balance bob payable 70.00
expect balance ann payable 7.00

# Refunds after it take their part of the restated at once; nothing waits, and nothing is taken twice.
refund r2 of a2 200.00
job restate
job true-up
job mature
expect events true_up 1
expect balance bob payable 50.00
expect balance ann payable 5.00
refund r3 of a1
refund r4 of a2
job restate
job true-up
job mature
expect events true_up 1
expect balance bob payable 0.00
expect balance ann payable 0.00
