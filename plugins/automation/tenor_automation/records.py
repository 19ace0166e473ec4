"""Rules, what they listen for, what they did, and what they ask of people."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Mapped

from tenor_automation.offered import (
    events,
    kinds,
    occasion_text,
    positions,
    transitions,
    weekdays,
)
from tenor_sdk import AppendOnly, Archivable, Discussed, Owned, Record, field, link, linked
from tenor_sdk.i18n import Text
from tenor_sdk.records import computed, person, state_field

#: a time of the day, to the minute
TIME: Final = "([01][0-9]|2[0-3]):[0-5][0-9]"


class Occasion(StrEnum):
    """When a rule looks at a record."""

    EVENT = "event"
    CHANGE = "change"
    DATE = "date"
    DAILY = "daily"
    INTERVAL = "interval"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Unit(StrEnum):
    """In what the time after a date is counted."""

    DAYS = "days"
    WORKING_DAYS = "working-days"
    HOURS = "hours"


class Act(StrEnum):
    """What follows."""

    NOTICE = "notice"
    TASK = "task"
    TRANSITION = "transition"
    FIELD = "field"
    TAG = "tag"


class InWhoseName(StrEnum):
    """Whose rights a rule acts with: always of somebody who said so themselves."""

    AUTHOR = "author"
    APPROVER = "approver"


class Outcome(StrEnum):
    """What came of a run."""

    DONE = "done"
    NOT_MET = "not-met"
    FAILED = "failed"
    OWN_DOING = "own-doing"
    TOO_DEEP = "too-deep"


class Rule(Record, Owned, Archivable, Discussed):
    """When something happens, if a condition holds, then something follows."""

    name: Mapped[str] = field(max_length=200, search=True)
    about: Mapped[str] = field(max_length=100, label="Record", offered=kinds)
    occasion: Mapped[Occasion] = field(label="When")
    event_name: Mapped[str] = field(max_length=200, default="", label="Event", offered=events)
    changed_field: Mapped[str] = field(
        max_length=100, default="", label="Field that changes",
        help="Such as amount; a condition asks for change.before and change.after",
    )  # fmt: skip
    date_field: Mapped[str] = field(
        max_length=100, default="", help="A field of the record, such as due_on"
    )
    days: Mapped[int] = field(default=0, minimum=-3660, maximum=3660, label="Time after the date",
                              help="Below zero: before it")  # fmt: skip
    counted_in: Mapped[Unit] = field(default=Unit.DAYS)
    minutes: Mapped[int] = field(default=60, minimum=5, maximum=1440, label="Every so many minutes")
    from_time: Mapped[str] = field(
        max_length=5, default="09:00", pattern=TIME, label="From", help="Such as 09:00"
    )
    to_time: Mapped[str] = field(
        max_length=5, default="18:00", pattern=TIME, label="To", help="As the first: this once"
    )
    weekdays: Mapped[str] = field(
        max_length=40, default="", widget="several", label="Days of the week", offered=weekdays
    )
    month_day: Mapped[int] = field(
        default=1, minimum=1, maximum=31, label="Day of the month",
        help="In a shorter month its last; only on working days: the next one",
    )  # fmt: skip
    last_working_day: Mapped[bool] = field(
        default=False, label="On the last working day of the month"
    )
    working_days_only: Mapped[bool] = field(default=False, label="Only on working days")
    condition: Mapped[str] = field(
        default="",
        widget="long-text",
        label="If",
        help="An expression over the record; empty: always",
    )
    act: Mapped[Act] = field(label="Then")
    words: Mapped[str] = field(max_length=200, default="", label="Text",
                               help="Of the notice or the task; the reason of a transition or a tag")  # fmt: skip
    position: Mapped[str] = field(
        max_length=100, default="", label="To the position", offered=positions,
        help="Empty: to whoever looks after the record",
    )  # fmt: skip
    transition_name: Mapped[str] = field(
        max_length=100, default="", label="Transition", offered=transitions
    )
    field_name: Mapped[str] = field(max_length=100, default="", label="Field to be set")
    field_value: Mapped[str] = field(
        max_length=500, default="", label="To the value", help="An expression"
    )
    tag_code: Mapped[str] = field(max_length=40, default="", label="Tag")
    tag_days: Mapped[int] = field(
        default=90, minimum=1, maximum=365, label="Days for which it is carried"
    )
    acts_for: Mapped[InWhoseName] = field(default=InWhoseName.AUTHOR, label="In whose name")
    edition: Mapped[int] = field(default=1, readonly=True)
    replaces_id: Mapped[int | None] = field(readonly=True, label="Replaces rule")
    acting_id: Mapped[int | None] = person(label="Acts in the name of")
    mandate_id: Mapped[int | None] = field(readonly=True, label="Mandate")
    state: Mapped[str] = state_field("draft")


class Listening(Record):
    """For what a rule in force listens; without its condition, so that everybody's acts can be heard."""

    __title__ = "What a rule listens for"
    __plural__ = "What rules listen for"

    rule_id: Mapped[int] = field(unique=True, readonly=True, label="Rule")
    mandate_id: Mapped[int] = field(readonly=True, label="Mandate")
    about: Mapped[str] = field(max_length=100, readonly=True, label="Record")
    heard: Mapped[str] = field(max_length=200, readonly=True, index=True, label="Event")


class Run(Record, AppendOnly, journal=True):
    """What a rule made of one occasion."""

    __title__ = "Run of a rule"
    __plural__ = "Runs of rules"

    rule_id: Mapped[int] = link(Rule)
    rule: Mapped[Rule] = linked(Rule, rule_id)
    edition: Mapped[int] = field()
    heard: Mapped[str] = field(max_length=200, label="Occasion, as it is heard")
    about: Mapped[str] = field(max_length=100, label="Record", offered=kinds)
    record_id: Mapped[int | None] = field(label="Number of the record", index=True)
    #: not filled any more, as what a record is called depends on who asks; the leaves of old rows hold it
    record_name: Mapped[str] = field(
        max_length=200, default="", label="Name of the record", secret=True
    )
    outcome: Mapped[Outcome] = field()
    said: Mapped[str] = field(max_length=500, default="", label="What it did")
    error: Mapped[str] = field(max_length=1000, default="")
    causes: Mapped[str] = field(max_length=1000, default="", label="What led there")

    @computed("heard", label="Occasion")
    def occasion(self) -> Text:
        """What happened, in words."""
        return occasion_text(self.heard)


class ToDo(Record, Owned):
    """What a rule asks of somebody."""

    __title__ = "To-do"
    __plural__ = "To-dos"

    title: Mapped[str] = field(max_length=200, readonly=True)
    about: Mapped[str] = field(max_length=100, readonly=True, label="Record", offered=kinds)
    record_id: Mapped[int] = field(readonly=True, label="Number of the record")
    rule_name: Mapped[str] = field(max_length=200, readonly=True, label="Rule")
    position: Mapped[str] = field(
        max_length=100,
        default="",
        readonly=True,
        label="Whoever holds the position",
        offered=positions,
    )
    state: Mapped[str] = state_field("open")
