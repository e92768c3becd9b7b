# Terms applied to what has happened: previewed, approved, posted; refunds before and afterwards.
campaign main 20% hold 30d
partner ann
partner bob parent ann
link summer of bob -> https://shop.example/
click summer as c1

sale order-1 100.00 customer eve click c1
sale order-2 50.00 customer kim partner bob
advance 31d
expect balance bob payable 30.00
publish main 25% hold 30d
  chain: {"mode": "on_top", "levels": [{"percent": "10"}]}
job restate
expect balance bob payable 30.00
expect balance ann pending 0.00

# Version 2 pays Ann, whom nobody looked at when the sales were judged: 10 % of 25.00 and of 12.50.
restate preview no main version 2
expect restated no bob 30.00 37.50
expect restated no ann 0.00 3.75
restate cancel no
restate preview capped main
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "25"}, "caps": [{"scope": "partner", "amount": 100}]}
expect restated capped bob 30.00 1.00
restate cancel capped
restate preview no main version 3 -> 422
restate preview no main -> 422
restate preview raise main reason "agreed in March"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "25"}}
expect restated raise bob 30.00 37.50
expect balance bob payable 30.00

# Told after the preview: half of the second sale. 25.00 + 6.25 − (20.00 + 5.00)
refund refund-1 of order-2 25.00
restate approve raise
expect restated raise bob 30.00 37.50 posted 6.25
restate approve raise -> 200
restate cancel raise -> 409
job restate
job mature
expect balance bob payable 31.25

payout run first
payout approve first
payout paid first bob
expect balance bob paid 31.25

# Another run, lower than ever: 10.00 + 2.50. What was paid is taken from what comes next.
restate preview lower main
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "10"}}
expect restated lower bob 31.25 12.50
restate approve lower
job mature
expect balance bob payable -18.75

# The rest of everything is refunded: the sales and their restatements are nothing together.
refund refund-2 of order-1
refund refund-3 of order-2
job restate
job mature
expect balance bob payable -31.25
restate preview nothing main version 1
restate approve nothing -> 409
restate cancel nothing
