# By these terms a lost dispute takes nothing back; while it is open the commission waits all the same.
campaign main 25% hold 0d
  clawback: {"window_days": 60, "on_dispute": "none"}
partner bob
code BOB
sale order-1 100.00 customer eve code BOB
dispute dp-1 of order-1 opened
expect balance bob held 25.00
dispute dp-1 of order-1 lost
advance 1d
expect balance bob held 0.00
expect balance bob payable 25.00
again -> 200
