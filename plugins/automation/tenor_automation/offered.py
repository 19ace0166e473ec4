"""What a form offers where a rule names something by its key."""

from __future__ import annotations

from collections.abc import Iterator

from tenor_automation.domain.timing import WEEKDAYS
from tenor_sdk import Context, _
from tenor_sdk.access import (
    APPROVER,
    ASSET_PRESERVATION,
    BRANCH_HEAD,
    COLLECTIONS,
    COMPLIANCE,
    LEGAL,
    OPERATIONS,
    POST_LOAN,
    RELATIONSHIP_MANAGER,
    RISK_OFFICER,
)
from tenor_sdk.catalogue import events_about, kind_name, transitions_of
from tenor_sdk.catalogue import kinds as kinds_of
from tenor_sdk.i18n import Text
from tenor_sdk.records import words

_POSITIONS = (
    RELATIONSHIP_MANAGER, BRANCH_HEAD, RISK_OFFICER, APPROVER, LEGAL, OPERATIONS, POST_LOAN, COLLECTIONS,
    ASSET_PRESERVATION, COMPLIANCE,
)  # fmt: skip


def kinds(ctx: Context) -> Iterator[tuple[str, Text]]:
    """Kinds of record."""
    for kind in kinds_of(ctx):
        yield kind_name(kind), kind.called()


def events(ctx: Context) -> Iterator[tuple[str, Text]]:
    """Kinds of event that tell of a record."""
    seen: set[str] = set()
    for kind in kinds_of(ctx):
        for event in events_about(ctx, kind):
            if event.event_name not in seen:
                seen.add(event.event_name)
                yield event.event_name, Text(words(event.__name__), module=event.__module__)


def positions(ctx: Context) -> Iterator[tuple[str, Text]]:
    """The positions of a lender."""
    for name in _POSITIONS:
        yield name, Text(words(name.replace("-", "_")), module=__name__)


def transitions(ctx: Context) -> Iterator[tuple[str, Text]]:
    """Transitions that a rule can carry out: those that take one person and ask nothing."""
    seen: set[str] = set()
    for kind in kinds_of(ctx):
        for how in transitions_of(ctx, kind):
            if how.approval is None and how.inputs is None and how.name not in seen:
                seen.add(how.name)
                yield how.name, Text(how.title, module=how.origin.module)


def weekdays(_ctx: Context) -> Iterator[tuple[str, Text]]:
    """The days of the week."""
    names = (
        _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
    )  # fmt: skip
    yield from zip(WEEKDAYS, names, strict=True)


#: what the clock brings, by the word for which rules listen
_TIMES = {
    "date": _("A date came"),
    "hours": _("A time came"),
    "daily": _("Each day"),
    "interval": _("At times of the day"),
    "weekly": _("On days of the week"),
    "monthly": _("Each month"),
}


def occasion_text(heard: str) -> Text:
    """For what a rule listened, as people call it."""
    kind, _colon, field = heard.partition(":")
    if field:
        return _("Change of {field}", field=field)
    plugin, _dot, event = kind.partition(".")
    if event:
        return Text(
            words(event), module=f"tenor_{plugin}" if plugin != "base" else "tenor_sdk.workflow"
        )
    return _TIMES.get(kind) or Text(kind)  # of an occasion that is offered no more
