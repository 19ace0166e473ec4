"""What an institution sets for the kernel's own records."""

from __future__ import annotations

import re
from typing import Final

from tenor_sdk.errors import Invalid
from tenor_sdk.settings import Settings, setting

_YEARS: Final = re.compile(r"[a-z][a-z0-9_]*=(?:[5-9]|[1-9]\d)")


def check_years(said: str) -> None:
    """Whether each word is a table and its years.

    Raises:
        Invalid: ``not-years``.
    """
    for word in said.split():
        if not _YEARS.fullmatch(word):
            raise Invalid("not-years", None, value=word[:60])


class BaseSettings(Settings):
    """The settings of the kernel's own plugin."""

    longest_delegation: int = setting(
        90,
        label="Longest delegation, in days",
        help="Counting the first and the last day. A longer one is refused; it can be made anew when it is over",
        minimum=1,
        maximum=366,
    )
    root_mail: str = setting(
        "",
        label="Who keeps the roots of the seals",
        help="An e-mail address outside, to which the last root goes each day; empty: nobody",
    )
    ledger_years: int = setting(
        20,
        label="How long the ledger is kept, in years",
        help="Older entries may be taken out into an archive; younger ones never",
        minimum=5,
        maximum=100,
    )
    ledger_years_of: str = setting(
        "",
        label="Other years for some kinds of records",
        help="By their tables, with spaces between, such as customers_customer=30 loans_loan=25; at least 5",
        check=check_years,
    )
