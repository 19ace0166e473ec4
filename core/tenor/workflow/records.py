"""What the engine keeps: definitions by hash, cases with the definition that they began with, their steps, tasks,
votes and duties. Journals: each row is its own record, beside the ledger's entry of the act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor.access.records import Unit, User
from tenor_sdk.fields import field, link
from tenor_sdk.records import Record


class WorkflowDefinition(Record):
    """A workflow as it was when cases began with it; code is referred to by name."""

    __journal__: ClassVar[bool] = True
    workflow: Mapped[str] = field(max_length=200)
    hash: Mapped[str] = field(max_length=64, unique=True)
    content: Mapped[dict[str, Any]] = field()


class WorkflowCase(Record):
    """One record on its way."""

    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("table_name", "record_id"),)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    definition_id: Mapped[int] = link(WorkflowDefinition)
    state: Mapped[str] = field(max_length=64, index=True)
    entered_at: Mapped[datetime] = field()
    round: Mapped[int] = field(
        default=0, help="Counted up with each step; votes count for one round"
    )


class WorkflowStep(Record):
    """A step that a case took, and how long it had stood before."""

    __journal__: ClassVar[bool] = True
    case_id: Mapped[int] = link(WorkflowCase)
    transition: Mapped[str] = field(max_length=64)
    source: Mapped[str] = field(max_length=64)
    target: Mapped[str] = field(max_length=64)
    entered_at: Mapped[datetime] = field()
    left_at: Mapped[datetime] = field()
    user_id: Mapped[int | None] = field()
    reason: Mapped[str] = field(default="")


class Task(Record):
    """What somebody must do; done by doing the thing."""

    __journal__: ClassVar[bool] = True
    __table_args__ = (
        Index(None, "assignee_id", "state"),
        Index(None, "table_name", "record_id"),
    )
    title: Mapped[str] = field(max_length=200, help="A message of the plugin's catalogue")
    plugin: Mapped[str] = field(max_length=64)
    case_id: Mapped[int] = link(WorkflowCase)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    state: Mapped[str] = field(max_length=20, default="open", help="open, done or cancelled")
    position: Mapped[str] = field(max_length=100, default="")
    unit_id: Mapped[int | None] = link(Unit)
    assignee_id: Mapped[int | None] = link(User)
    why: Mapped[dict[str, Any] | None] = field(help="Why it came to its person")
    arisen_at: Mapped[datetime] = field()
    due_at: Mapped[datetime | None] = field(index=True)
    remind_at: Mapped[datetime | None] = field()
    reminded_at: Mapped[datetime | None] = field()
    escalate_to: Mapped[str] = field(max_length=100, default="")
    escalated_at: Mapped[datetime | None] = field()
    done_at: Mapped[datetime | None] = field()
    done_by_id: Mapped[int | None] = field()


class Vote(Record):
    """One person's part of a decision, bound to the hash of what they saw."""

    __journal__: ClassVar[bool] = True
    case_id: Mapped[int] = link(WorkflowCase)
    round: Mapped[int] = field()
    transition: Mapped[str] = field(max_length=64)
    user_id: Mapped[int] = link(User)
    shown_hash: Mapped[str] = field(max_length=64)
    inputs: Mapped[dict[str, Any] | None] = field()
    at: Mapped[datetime] = field()
    void: Mapped[bool] = field(default=False, help="What was shown has changed since")


class Duty(Record):
    """A step that a person did on a case, for the segregation of duties."""

    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "table_name", "record_id"),)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    step: Mapped[str] = field(max_length=100)
    user_id: Mapped[int] = field()
    at: Mapped[datetime] = field()


class CalendarDay(Record):
    """A day on which the institution departs from Monday to Friday: a day off, or a make-up working day."""

    __title__ = "Calendar day"
    day: Mapped[date] = field(unique=True)
    working: Mapped[bool] = field()
    name: Mapped[str] = field(max_length=100, default="")
