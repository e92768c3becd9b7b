# A monthly retainer and a success fee are one campaign.
advance to 1 March 00:00
campaign delivery 2000.00 trigger retainer hold 0d
  rewards: [{"if": {"event": "deal_closed"}, "reward": {"type": "percentage", "value": "5"}}]
partner bob
event d1 deal_closed 12000.00 partner bob
expect commission d1 bob 600.00
again -> 200
sale s1 99.00 customer eve partner bob
expect commission s1 none
advance to 1 April 00:01
job retainers
job mature
expect balance bob payable 2600.00
