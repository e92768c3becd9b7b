# Tiers are decided by what was driven before the event; an override beats them.
campaign main 20% hold 0d
  tiers: {"by": "revenue", "period": "lifetime", "steps": [{"from": 1000000, "reward": {"type": "percentage", "value": "25"}}, {"from": 5000000, "reward": {"type": "percentage", "value": "30"}}]}
partner bob
code BOB
partner ann
code ANN
override ann 35%

sale a 12000.00 customer eve code BOB
expect commission a bob 2400.00
sale b 100.00 customer eve
expect commission b bob 25.00
sale c 40000.00 customer eve
sale d 100.00 customer eve
expect commission d bob 30.00

sale e 12000.00 customer zoe code ANN
sale f 100.00 customer zoe
expect commission f ann 35.00
