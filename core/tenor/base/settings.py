"""What an institution sets for the kernel's own records."""

from __future__ import annotations

import re
from typing import Final

from tenor.audit.authority import parts_of
from tenor.notify.wishes import is_clock
from tenor_sdk.errors import Invalid
from tenor_sdk.settings import Settings, setting

_YEARS: Final = re.compile(r"[a-z][a-z0-9_]*=(?:[5-9]|[1-9]\d)")

_POLICY: Final = re.compile(r"[0-2](?:\.(?:0|[1-9]\d{0,38})){1,30}")


def check_years(said: str) -> None:
    """Whether each word is a table and its years.

    Raises:
        Invalid: ``not-years``.
    """
    for word in said.split():
        if not _YEARS.fullmatch(word):
            raise Invalid("not-years", None, value=word[:60])


def check_authority(said: str) -> None:
    """Whether it is an address over HTTP.

    Raises:
        Invalid: ``not-an-authority``.
    """
    try:
        if said:
            parts_of(said)
    except ValueError:
        raise Invalid("not-an-authority", None, value=said[:60]) from None


def check_certificates(said: str) -> None:
    """Whether they can be read.

    Raises:
        Invalid: ``not-certificates``.
    """
    if not said.strip():
        return
    from tenor.audit.tokens import certificates

    try:
        certificates(said)
    except ValueError:
        raise Invalid("not-certificates", None) from None


def check_policy(said: str) -> None:
    """Whether it is an object identifier.

    Raises:
        Invalid: ``not-a-policy``.
    """
    if said and not _POLICY.fullmatch(said):
        raise Invalid("not-a-policy", None, value=said[:60])


def check_clock(said: str) -> None:
    """Whether it is a time of day, or empty.

    Raises:
        Invalid: ``not-a-time-of-day``.
    """
    if not is_clock(said):
        raise Invalid("not-a-time-of-day", None)


def check_digest(said: str) -> None:
    """Whether it is a time of day: there is always a digest, as somebody may choose it.

    Raises:
        Invalid: ``not-a-time-of-day``.
    """
    check_clock(said or "-")


class BaseSettings(Settings):
    """The settings of the kernel's own plugin."""

    longest_delegation: int = setting(
        90,
        label="Longest delegation, in days",
        help="Counting the first and the last day. A longer one is refused; it can be made anew when it is over",
        minimum=1,
        maximum=366,
    )
    digest_at: str = setting(
        "08:30",
        label="When the digest of notices goes out",
        help="Each day at this time, such as 08:30, one mail to whoever chose it, with all that they were told",
        check=check_digest,
    )
    digest_working_days_only: bool = setting(
        True,
        label="The digest comes on working days only",
        help="What is told on other days is in the next one",
    )
    quiet_from: str = setting(
        "",
        label="Quiet hours from",
        help="Such as 22:00: no mails until the time below, but for urgent ones. Each person may set their own;"
        " empty: none",
        check=check_clock,
    )
    quiet_until: str = setting(
        "", label="Quiet hours until", help="Such as 07:00, the next morning", check=check_clock
    )
    root_mail: str = setting(
        "",
        label="Who keeps the roots of the seals",
        help="An e-mail address outside, to which the last root goes each day; empty: nobody",
    )
    stamp_authority: str = setting(
        "",
        label="Time stamp authority",
        help="The address to which the last seal goes each hour (RFC 3161), such as https://tsa.example/tsr;"
        " empty: none",
        check=check_authority,
    )
    stamp_certificates: str = setting(
        "",
        label="Certificates of the time stamp authority",
        help="The root certificates that its time stamps must chain to, in PEM form, one after the other. Without them"
        " none is asked for; those of an earlier authority stay here",
        check=check_certificates,
    )
    stamp_policy: str = setting(
        "",
        label="Policy of the time stamps",
        help="The identifier that each must name, such as 1.3.6.1.4.1.13762.3; empty: any",
        check=check_policy,
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
