# Refunds lower what counts for tiers: of every partner who shares a sale, without tax and shipping.
campaign main 10% hold 0d
  attribution: {"model": "linear"}
  tiers: {"by": "revenue", "period": "lifetime", "steps": [{"from": 50000, "reward": {"type": "percentage", "value": "20"}}]}
partner ann
code ANN
partner bob
code BOB
lead hello customer eve code ANN
sale order-1 1200.00 customer eve code BOB tax 190.00
  shipping: 1000
expect credited order-1 ann 500000
expect credited order-1 bob 500000
# each has driven 500.00
sale order-2 100.00 customer ida code ANN
expect commission order-2 ann 20.00
refund refund-1 of order-1 1.20
# 499.50 and 100.00
sale order-3 100.00 customer zoe code ANN
expect commission order-3 ann 20.00
sale order-4 100.00 customer joe code BOB
expect commission order-4 bob 10.00
dispute dp-1 of order-1 lost
sale order-5 100.00 customer pat code ANN
expect commission order-5 ann 10.00
