# recurring_months 2: the first invoice and two renewals. delay_invoices 1: the first one earns nothing.
campaign main 20% hold 0d recurring 2
partner bob
code BOB
sale i0 10.00 customer eve code BOB
sale i1 10.00 customer eve
sale i2 10.00 customer eve
sale i3 10.00 customer eve
expect commission i0 bob 2.00
expect commission i1 bob 2.00
expect commission i2 bob 2.00
expect commission i3 none

campaign later 20% hold 0d
  delay_invoices: 1
partner ann in later
code ANN of ann in later
sale j0 10.00 customer zoe code ANN
sale j1 10.00 customer zoe
expect commission j0 none
expect commission j1 ann 2.00

# Fewer renewals than are skipped would pay nothing at all: refused.
campaign never 20% recurring 1 -> 422
  delay_invoices: 2
