"""The arithmetic of a loan: values in, values out.

One subject a file, each using only those above it::

    due_dates        stepping through months from an anchor day
    calendar         business days of a country, and the conventions that roll a date
    day_count        how many days, what part of a year
    periods          the interest periods of a loan
    interest         interest over changing balances and rates
    schedule         level payment, level principal, bullet; grace
    sculpting        debt shaped to a project's cash flow
    payment_dates    due dates rolled to business days
    prepayment       what an early repayment makes of the rest
    apr              the yearly rate that fees and dates amount to
    penalty          penalty interest on arrears, compound interest on unpaid interest
    allocation       what a receipt pays, in which order
    arrears          days past due
    terms            what decides how arrears grow and receipts are taken apart
    facts            the append-only entries of a loan
    open_due         one due instalment with the interest that its arrears gather
    position         what is owed on a day: a projection of the facts
    reminders        who is reminded of an instalment, and when
    classification   the floor that days past due set to a loan's class
    rules            numbers of law and policy, dated and sourced

Amounts are ``Amount`` (minor units), rates ``Rate`` (a year, as a fraction of one). Between bookings everything is
an exact ``Fraction``; rounding, half up, happens only where an amount is booked.
"""
