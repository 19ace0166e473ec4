"""How the engine calls things when it refuses: titles that each plugin's catalogue translates."""

from __future__ import annotations

from tenor.records.schema import prose
from tenor.workflow.definitions import Definition, StateSpec, titled
from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text
from tenor_sdk.records import Record
from tenor_sdk.workflow import Transition

_LONGEST_REASON = 2000


def kind_title(record: Record) -> Text:
    """What kind of record it is."""
    return titled(type(record).singular(), type(record).__plugin__)


def step_title(how: Transition) -> Text:
    """The words of a transition."""
    return titled(how.title, how.plugin)


def state_title(definition: Definition, name: str) -> Text:
    """The words of a state as a case knows it; its name where it doesn't."""
    state: StateSpec | None = definition.state(name)
    return titled(state.title, state.plugin) if state else Text(name)


def said(reason: str, *, needed: bool) -> str:
    """A reason as it is kept.

    Raises:
        Invalid: no text, or none where one is ``needed``.
    """
    try:
        kept = prose(reason, _LONGEST_REASON)
    except Invalid as error:
        raise Invalid("invalid", {"reason": error}) from None
    if needed and not kept:
        raise Invalid("invalid", {"reason": Invalid("required")})
    return kept
