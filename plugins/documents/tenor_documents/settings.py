"""The institution as a party, and what its contracts say."""

from __future__ import annotations

from tenor_sdk import Amount, Rate, Settings, setting


class DocumentsSettings(Settings):
    """The lender as a party to contracts, and terms that all contracts share."""

    lender_name: str = setting(
        "", label="Name of the lender", help="As registered; without it no contract is generated"
    )
    lender_credit_code: str = setting("", label="Credit code of the lender")
    lender_address: str = setting("", label="Address of the lender")
    lender_representative: str = setting("", label="Person in charge of the lender")
    signed_at_place: str = setting("", label="Place of signing", help="Empty: the lender's address")
    court_place: str = setting(
        "甲方住所地", label="Place of the court", help="Its people's court decides disputes"
    )
    overdue_surcharge: Rate = setting(
        Rate.of("0.5"),
        label="Surcharge on overdue principal",
        help="A share of the contract rate; 30 to 50 per cent (PBC order 251 of 2003)",
        minimum=Rate.of("0.3"),
        maximum=Rate.of("0.5"),
    )
    misuse_surcharge: Rate = setting(
        Rate.of("1"),
        label="Surcharge on misused principal",
        help="A share of the contract rate; 50 to 100 per cent (PBC order 251 of 2003)",
        minimum=Rate.of("0.5"),
        maximum=Rate.of("1"),
    )
    entrusted_above: Amount = setting(
        Amount.of("10000000"),
        label="Entrusted payment above",
        help="A single payment above this amount goes to the payee directly",
        minimum=Amount(0),
    )
