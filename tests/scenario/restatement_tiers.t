# Tiers for the past, where nobody had counted: 20 %, and 30 % from 150.00 driven in a month.
campaign main 20% hold 30d
partner bob
link summer of bob -> https://shop.example/

sale order-1 100.00 customer eve partner bob ago 5d
sale order-2 100.00 customer kim partner bob ago 4d
sale order-3 100.00 customer zoe partner bob ago 3d
refund refund-2 of order-2 50.00
sale order-4 100.00 customer ida partner bob ago 2d
expect balance bob pending 70.00

# Order 3 came when 200.00 had been driven, order 4 when it was 250.00: ten more for each.
restate preview tiers main reason "tiers from the start"
  terms: {"trigger": "sale", "reward": {"type": "percentage", "value": "20"}, "tiers": {"by": "revenue", "steps": [{"from": 15000, "reward": {"type": "percentage", "value": "30"}}]}}
expect restated tiers bob 70.00 90.00
restate approve tiers
expect restated tiers bob 70.00 90.00 posted 20.00
expect balance bob pending 90.00

# What is refunded afterwards takes its part of both; what had been reached stays reached.
refund refund-1 of order-1
refund refund-3 of order-3 50.00
job restate
expect balance bob pending 55.00
