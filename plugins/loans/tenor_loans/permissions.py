"""Rights to do something with loans that aren't about one transition."""

from tenor_sdk import Permission

book_repayments = Permission(title="Book and reverse repayments")
take_over_loans = Permission(title="Take over existing loans")
