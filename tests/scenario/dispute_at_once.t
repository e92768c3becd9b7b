# By these terms an opened dispute takes back at once, and a won one gives back.
campaign main 25% hold 30d
  clawback: {"window_days": 90, "dispute_opened": "reverse"}
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}
partner ann
partner bob parent ann
code BOB

sale order-1 100.00 customer eve code BOB
expect balance bob pending 25.00
expect balance ann pending 2.50
dispute dp-1 of order-1 opened
expect balance bob pending 0.00
expect balance ann pending 0.00
expect commission order-1 bob 25.00 reversed
advance 40d
dispute dp-1 of order-1 won
expect says dp-1/won "25.00 USD is given back"
advance 1d
expect balance bob payable 25.00
expect balance ann payable 2.50

# A second dispute over a part, with a refund beside it: together never more than the sale.
dispute dp-2 of order-1 opened 60.00
expect balance bob payable 10.00
refund refund-1 of order-1
expect balance bob payable 0.00
dispute dp-2 of order-1 lost
expect balance bob payable 0.00
expect balance ann payable 0.00
