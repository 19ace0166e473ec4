"""The steps of the first loan, in order: each is a heading of the tutorial."""

from __future__ import annotations

from typing import Final

from tests.browser.first_loan import application, contract, customer, deciding, looking, paying
from tests.browser.office import Step

STEPS: Final = (
    Step("Say who lends", customer.set_up),
    Step("Create the customer", customer.create_customer),
    Step("Import three years of statements", customer.import_statements),
    Step("Open the application", application.open_application),
    Step("Bring the documents and submit", application.submit_with_documents),
    Step("See who is told", application.see_who_was_told),
    Step("Rate the customer", deciding.rate),
    Step("Give the opinion", deciding.recommend),
    Step("See that the rater can't decide", deciding.refuse_the_rater),
    Step("Approve, two of those who had no hand in it", deciding.approve),
    Step("Generate the contract", contract.generate),
    Step("Issue it", contract.issue),
    Step("Send it out for signature", contract.send),
    Step("Take the borrower's signature at the counter", contract.take_the_borrowers_signature),
    Step("Seal it for the bank", contract.seal),
    Step("Verify the signatures", contract.verify),
    Step("Confirm the conditions", paying.confirm_conditions),
    Step("Prepare the disbursement", paying.prepare),
    Step("Release it", paying.release),
    Step("See the loan", paying.see_the_loan),
    Step("Read the whole course as the auditor", looking.audit),
    Step("Switch a plugin off", looking.switch_a_plugin_off),
    Step("Switch it on again", looking.switch_it_on_again),
)
