# A retainer a month, made when the month is over: pro rata by days where somebody started or left inside it.
advance to 10 January 12:00
campaign works 3100.00 trigger retainer hold 0d
partner bob
partner sue status pending
job retainers
expect events retainer 0
advance to 1 February 00:01
job retainers
job mature
# 22 of 31 days
expect events retainer 1
expect balance bob payable 2200.00
job retainers
expect events retainer 1

# An outage of three months: each is made once, when the job runs again.
advance to 1 May 00:01
job retainers
job mature
expect events retainer 4
expect balance bob payable 11500.00

# Who is suspended goes on and waits; who comes later starts later.
suspend bob
approve sue
partner max
advance to 21 May 09:00
partner zoe
advance to 1 June 00:01
job retainers
job mature
expect events retainer 8
expect balance bob held 3100.00
expect balance sue payable 3100.00
expect balance zoe payable 1100.00
reinstate bob

# A campaign that ends on the tenth has ten days of its last month.
advance to 10 July 18:00
close works
advance to 1 September 00:01
job retainers
job mature
expect balance zoe payable 5200.00
expect events retainer 16
job retainers
expect events retainer 16

# Who is banned inside a month has worked until then: the days before are paid, also when the job comes much later.
campaign more 3000.00 trigger retainer hold 0d
partner kim in more
advance to 1 October 00:01
job retainers
job mature
advance to 15 October 18:00
ban kim
advance to 3 December 09:00
job retainers
job mature
# 15 of 31 days
expect balance kim payable 4451.61
