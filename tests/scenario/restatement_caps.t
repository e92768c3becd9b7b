# A cap for the past: 25 %, but no more than 40.00 a month for a partner, in the order the sales came.
campaign main 20% hold 30d
partner bob
link summer of bob -> https://shop.example/

advance to 10 March
sale order-1 100.00 customer eve partner bob
sale order-2 100.00 customer kim partner bob
sale order-3 100.00 customer zoe partner bob
advance to 10 April
sale order-4 100.00 customer ida partner bob
expect balance bob pending 20.00
expect balance bob payable 60.00

# 25 + 15 + 0 for March, 25 for April.
restate preview capped main reason "the cap that was agreed"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "25"}, "caps": [{"scope": "partner", "period": "month", "amount": 4000}]}
expect restated capped bob 80.00 65.00
restate approve capped
expect restated capped bob 80.00 65.00 posted -15.00

# A refund takes its part of the line it is about; the others get nothing of the room it leaves.
refund refund-2 of order-2 50.00
job restate
advance 1d
expect balance bob pending 25.00
expect balance bob payable 32.50

# What retroactive tiers come to for the whole of March: 300.00 were driven, less 50.00.
restate preview tiers main reason "the tier of the month counts for all of it"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}, "tiers": {"by": "revenue", "period": "month", "retroactive": true, "steps": [{"from": 25000, "reward": {"type": "percentage", "value": "30"}}]}}
expect restated tiers bob 57.50 95.00
restate approve tiers
expect restated tiers bob 57.50 95.00 posted 37.50
