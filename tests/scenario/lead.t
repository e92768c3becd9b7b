# A lead is paid once, however often it is told.
campaign main 5.00 trigger lead hold 30d
partner bob
link join -> https://shop.example/join
click join as c1
lead lead-1 customer eve click c1 email eve@mail.example
again -> 200
expect commission lead-1 bob 5.00
expect balance bob pending 5.00
# One paid lead for a partner and an address, however it is written; another partner's is another lead.
lead lead-2 customer eve2 partner bob email Eve+offers@mail.example
expect commission lead-2 none
expect says lead-2 "No commission: the same has been counted before."
partner zoe
lead lead-3 customer eve3 partner zoe email eve@mail.example
expect commission lead-3 zoe 5.00
# Nobody is paid for sending himself.
lead lead-4 customer zoe partner zoe email zoe+me@partner.example
expect commission lead-4 none
expect says lead-4 "No commission: the lead is the partner's own address."
# A lead has no invoice: a refund of its id waits for a sale of that id, and takes nothing back.
refund refund-1 of lead-1 1.00
expect commission lead-1 bob 5.00 pending
expect balance bob pending 5.00
# Who is banned earns nothing more, and keeps what was earned.
ban zoe
lead lead-5 customer max partner zoe email max@mail.example
expect commission lead-5 none
expect says lead-5 "No commission: the partner is banned."
expect balance zoe pending 5.00
