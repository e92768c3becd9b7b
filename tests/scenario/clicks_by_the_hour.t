# A click is paid once per partner, device and day; robots never; the hour makes one commission event.
advance to 5 March 10:05
campaign ads 0.25 trigger click hold 0d
partner ann
link ann
partner bob
link bob
click ann by "Mozilla/5.0 One"
click ann by "Mozilla/5.0 One"
click ann by "Mozilla/5.0 Two"
click bob by "Mozilla/5.0 One"
click ann by "Googlebot/2.1"
job clicks
expect events click 0
advance 1h
click ann by "Mozilla/5.0 One"
click ann by "Mozilla/5.0 Three"
advance 1h
job clicks
job mature
# two and one in the first hour, one in the second
expect events click 3
expect balance ann payable 0.75
expect balance bob payable 0.25

# The journal of the first hour comes late: what was counted before is not counted again.
click ann by "Mozilla/5.0 Four" ago 2h
click ann by "Mozilla/5.0 Two" ago 2h
click ann by "Googlebot/2.1" ago 2h
job clicks
job mature
expect events click 4
expect balance ann payable 1.00
job clicks
expect events click 4

# The next day begins at midnight UTC.
advance to 6 March 00:00
click ann by "Mozilla/5.0 One"
advance 1h
job clicks
job mature
expect balance ann payable 1.25
