# An open dispute holds what the sale earned; won, it is released; lost, it is taken back.
campaign main 25% hold 30d
  clawback: {"window_days": 90}
partner bob
code BOB

sale order-1 99.00 customer eve code BOB
sale order-2 200.00 customer ida code BOB
expect balance bob pending 74.75
dispute dp-1 of order-1 opened
expect commission order-1 bob 24.75 held
expect says dp-1/opened "what it earned is held until the dispute is decided"
expect balance bob held 24.75
expect balance bob pending 50.00
again -> 200
advance 31d
expect balance bob held 24.75
expect balance bob payable 50.00

# What is owed already waits as well.
dispute dp-2 of order-2 opened 100.00
expect commission order-2 bob 50.00 held
expect balance bob held 74.75
expect balance bob payable 0.00

dispute dp-1 of order-1 won
expect says dp-1/won "what was held is released"
dispute dp-2 of order-2 lost 80.00
expect says dp-2/lost "The dispute was lost, over 80.00 USD: what it earned is taken back"
expect balance bob held 0.00
advance 1d
expect balance bob payable 54.75
expect commission order-1 bob 24.75 approved
expect commission order-2 bob 50.00 approved
