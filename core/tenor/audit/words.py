"""What is asked of the ledger in words: of a form, of an address, of a command."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from tenor.audit.asking import Asked
from tenor.db.numbers import number
from tenor_sdk.errors import Invalid, TenorError

if TYPE_CHECKING:
    from tenor.context import KernelContext

#: what each word becomes where it is understood
_BECOMES: Final = {
    "who": "person_id", "what": "table", "record": "record_id", "field": "field", "from": "since", "to": "until",
    "before": "before",
}  # fmt: skip
_NUMBERS: Final = ("who", "record", "before")
_DAYS: Final = ("from", "to")


def asked_of(ctx: KernelContext, args: Mapping[str, str]) -> Asked:
    """What the form, or the words of a command, ask for; what can't be understood is left out."""
    by_table = ctx.kernel.records.by_table
    table = args.get("what", "")
    record = by_table.get(table)
    field = args.get("field", "")
    if record is None or field not in ctx.kernel.records.in_ledger(ctx, record):
        field = ""
    until = _day(args.get("to", ""))
    return Asked(
        person_id=number(args.get("who", "")),
        table=table if record is not None else "",
        record_id=number(args.get("record", "")),
        whole_case=args.get("case", "") in ("1", "true", "on"),
        field=field,
        request_id=args.get("request", "").replace("\0", "").strip(),
        kind=args.get("kind", "").replace("\0", ""),
        since=_midnight(ctx, _day(args.get("from", ""))),
        until=_midnight(ctx, until + timedelta(days=1) if until else None),
        before=number(args.get("before", "")),
    )


def passed_over(args: Mapping[str, str], asked: Asked) -> dict[str, TenorError]:
    """What is wrong with each word that ``asked_of`` left out, or that by itself narrows nothing."""
    faults: dict[str, TenorError] = {
        word: _fault(word, args[word])
        for word, part in _BECOMES.items()
        if args.get(word) and getattr(asked, part) in (None, "")
    }
    if asked.record_id is not None and not asked.table:
        faults["record"] = Invalid("number-of-which-records")
    return faults


def _fault(word: str, given: str) -> TenorError:
    if word in _NUMBERS:
        return Invalid("not-a-whole-number")
    return Invalid("not-a-date") if word in _DAYS else Invalid("unknown-field")


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1900 <= found.year <= 9000 else None


def _midnight(ctx: KernelContext, day: date | None) -> datetime | None:
    """At which instant a day begins where the institution is."""
    return datetime.combine(day, time.min, ctx.kernel.clock.zone) if day is not None else None
