# What is not a sale is refunded and disputed too: a won deal, a project, a referral, a lead.
campaign resale 20% trigger deal_closed hold 30d
  rewards: [{"if": {"event": "project_delivered"}, "reward": {"type": "fixed", "amount": 50000}}, {"if": {"event": "lead"}, "reward": {"type": "fixed", "amount": 500}}, {"if": {"event": "qualified_referral"}, "reward": {"type": "fixed", "amount": 4000}}]
  chain: {"mode": "on_top", "compute": "flat", "levels": [{"percent": "10"}]}
partner top
partner ann parent top
code ANN of ann

# A deal that was won: in parts, as a sale; those above follow.
deal acme ann domain acme.example amount 9000.00
deal win acme
expect commission acme ann 1800.00
expect commission acme top 180.00
refund r1 of deal_closed acme 3000.00
expect says r1 "Refund of 3,000.00 USD; 3,000.00 USD of the deal's 9,000.00 USD are refunded now."
expect balance ann pending 1200.00
expect balance top pending 120.00
again -> 200
refund r2 of deal_closed acme 6000.01 -> 422
refund r2 of deal_closed acme
expect commission acme ann 1800.00 reversed
expect commission acme top 180.00 reversed
refund r3 of deal_closed acme
expect balance ann pending 0.00
expect balance top pending 0.00

# What has no amount is taken back wholly, or not at all.
event p1 project_delivered partner ann
expect commission p1 ann 500.00
refund r4 of project_delivered p1 1.00 -> 422
refund r4 of project_delivered p1
expect says r4 "The project is taken back."
expect commission p1 ann 500.00 reversed
expect commission p1 top 50.00 reversed
expect balance ann pending 0.00
expect balance top pending 0.00
refund r5 of project_delivered p1
expect says r5 "The project was taken back already."

# Before it has come, it waits.
refund r6 of lead x
expect says r6 "The lead is not known yet; the refund waits for it."
sale x1 10.00 customer eve code ANN
expect commission x1 none
event x2 qualified_referral customer eve code ANN
expect commission x2 ann 40.00
lead x customer zoe email zoe@other.example code ANN
expect balance ann pending 40.00
# That lead was paid once and is not paid again.
lead y customer kim email zoe@other.example code ANN
expect commission y none

# A dispute holds, and is lost or won.
lead z customer joe email joe@other.example code ANN
expect commission z ann 5.00
dispute d1 of lead z opened
expect says d1/opened "The lead is disputed: what it earned is held until the dispute is decided."
expect commission z ann 5.00 held
dispute d1 of lead z lost
expect commission z ann 5.00 reversed
advance 1m
dispute d1 of lead z won
expect commission z ann 5.00 pending
dispute d2 of qualified_referral x2 opened 10.00 -> 422
dispute d2 of qualified_referral x2 lost
expect commission x2 ann 40.00 reversed
advance 31d
expect balance ann payable 5.00
expect balance top payable 0.50
