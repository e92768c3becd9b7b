# The Solution tier: refunds take nothing back at once, and are settled at the end of the quarter.
advance to 10 January 12:00
campaign solutions 20% hold 0d
  clawback: {"on_refund": "none", "on_dispute": "none", "true_up": "quarter"}
partner ann
sale a1 600.00 customer c1 partner ann
sale a2 400.00 customer c2 partner ann
advance to 10 February 12:00
refund r1 of a1 300.00
expect balance ann payable 200.00
advance to 1 April 00:01
job true-up
job mature
expect events true_up 1
expect balance ann payable 140.00
# what comes after the quarter's end takes back its part then
refund r2 of a2
job true-up
job mature
expect events true_up 2
expect balance ann payable 60.00
refund r3 of a1
job true-up
job mature
expect balance ann payable 0.00
job true-up
expect events true_up 3
