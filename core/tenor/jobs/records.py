"""What the machine has to do, when it does so by itself, and what it did beyond the database. Journals all: these rows
are their own record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tenor_sdk.fields import FieldInfo, Id, field
from tenor_sdk.records import Record

READY: Final = "ready"
LEASED: Final = "leased"
PARTS: Final = "parts"
DONE: Final = "done"
PARKED: Final = "parked"
CANCELLED: Final = "cancelled"
STATES: Final = (READY, LEASED, PARTS, DONE, PARKED, CANCELLED)

INTENDED: Final = "intended"
UNKNOWN: Final = "unknown"


class Job(Record):
    """Something that the machine does once: *ready* until a worker leases it, then *done*, or *parked* for a person.

    Of chunked work there is a job for each part besides: the whole is split in its first run, stands at *parts* until
    the last of them is done, and is *ready* again for its final step.

    Attributes:
        rank: of what is due in its queue the lowest first.
        turn: of the jobs with this text one is leased at a time.
        attempt: counted up by each lease; whoever holds an older one can't finish the job.
        failures: tries out of which an error came; ``lost``: leases that ran out, their worker being gone.
        due_at: not before this instant of the institution's clock.
        until: when the lease runs out, by the database's clock.
        actor_id: who asked for it; None where a service does it (``service``: that of which plugin).
        causes: of what it came, the first cause first; None where a person or a clock asked for it.
        mandate_id: under which it is done in its person's name; then not by what was delegated to them.
        sent_at: when it was last handed to the broker, by the database's clock; distributed mode only.
        fault: whether its last try ended in an error that is nobody's answer.
        cancel_asked: whether somebody cancelled it while it ran.
        progress, progress_of: how far it says that it is.
        parent_id, part, number: of a part: the whole, what is done in it, and which one it is, from 0.
        parts, parts_done: of a whole that has been split: how many there are, and how many are done.
    """

    __title__ = "Job"
    __journal__: ClassVar[bool] = True
    __table_args__ = (
        UniqueConstraint("name", "key"),
        Index(None, "state", "queue", "rank", "due_at"),
        Index(None, "plugin", "started_at"),
        Index(None, "parent_id", "state"),
        Index(
            "uq_base_job_turn_leased",
            "turn",
            unique=True,
            sqlite_where=text("state = 'leased'"),
            postgresql_where=text("state = 'leased'"),
        ),
    )
    name: Mapped[str] = field(max_length=300, label="Job", search=True)
    plugin: Mapped[str] = field(max_length=100)
    queue: Mapped[str] = field(max_length=100)
    arguments: Mapped[dict[str, Any]] = field()
    event_id: Mapped[int | None] = field(label="Event")
    state: Mapped[str] = field(max_length=20, default=READY)
    attempt: Mapped[int] = field(default=0)
    failures: Mapped[int] = field(default=0)
    lost: Mapped[int] = field(default=0)
    rank: Mapped[int] = field(default=20, label="Priority")
    turn: Mapped[str | None] = field(max_length=300, label="One at a time")
    due_at: Mapped[datetime] = field(label="Due")
    until: Mapped[datetime | None] = field(label="Leased until")
    key: Mapped[str | None] = field(max_length=300, label="Idempotency key")
    actor_id: Mapped[int | None] = field(label="Person")
    service: Mapped[str] = field(max_length=100, default="")
    request_id: Mapped[str] = field(max_length=64, label="Request", index=True)
    business_day: Mapped[date | None] = field(help="The day for which it catches up")
    error: Mapped[str] = field(default="", widget="long-text")
    result: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    causes: Mapped[Any | None] = mapped_column(
        JSON(none_as_null=True), info={"tenor": FieldInfo(label="Causes")}
    )
    mandate_id: Mapped[int | None] = field(label="Mandate")
    sent_at: Mapped[datetime | None] = field(label="Sent")
    started_at: Mapped[datetime | None] = field(label="Started")
    finished_at: Mapped[datetime | None] = field(label="Finished")
    fault: Mapped[bool] = field(default=False)
    cancel_asked: Mapped[bool] = field(default=False, label="To be cancelled")
    progress: Mapped[int | None] = field()
    progress_of: Mapped[int | None] = field(label="Progress, of")
    parent_id: Mapped[int | None] = field(label="Part of")
    part: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    number: Mapped[int | None] = field(label="Number of the part")
    parts: Mapped[int | None] = field()
    parts_done: Mapped[int] = field(default=0)

    def display(self) -> str:
        return f"{self.name} {self.id}"


class Mandate(Record):
    """A person lets a plugin do jobs in their name, with their own rights of the day, until it is ended."""

    user_id: Mapped[int] = mapped_column(
        Id,
        ForeignKey("base_user.id", ondelete="RESTRICT"),
        index=True,
        info={"tenor": FieldInfo(label="Person", person=True, readonly=True)},
    )
    plugin: Mapped[str] = field(max_length=100, readonly=True)
    purpose: Mapped[str] = field(max_length=500, readonly=True)
    ended_at: Mapped[datetime | None] = field(label="Ended", readonly=True)

    def display(self) -> str:
        return str(self.purpose)


class Schedule(Record):
    """When a job of a plugin is due next. Whoever moves ``next_due`` on from what it read makes the run."""

    __title__ = "Schedule"
    __journal__: ClassVar[bool] = True
    name: Mapped[str] = field(max_length=300, unique=True, label="Job", search=True)
    declared: Mapped[str] = field(max_length=300, help="As the plugin states it")
    next_due: Mapped[datetime] = field(label="Next due")
    last_due: Mapped[datetime | None] = field(label="Last due")


class OutsideCall(Record):
    """An effect beyond the database: *intended* before it is made, *done* with its outcome, *unknown* where nobody can
    tell and a person has to find out."""

    __title__ = "Outside call"
    __journal__: ClassVar[bool] = True
    key: Mapped[str] = field(max_length=300, unique=True, search=True)
    job_id: Mapped[int] = field(label="Job", index=True)
    state: Mapped[str] = field(max_length=20, default=INTENDED)
    outcome: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))


class PausedPlugin(Record):
    """A plugin whose jobs aren't run, as they kept failing or as a person said so. The row stays when it is resumed."""

    __title__ = "Paused plugin"
    __journal__: ClassVar[bool] = True
    plugin: Mapped[str] = field(max_length=100, unique=True, search=True)
    paused: Mapped[bool] = field(default=True)
    since: Mapped[datetime] = field(label="Paused since")
    reason: Mapped[str] = field(default="", widget="long-text")
    resumed_at: Mapped[datetime | None] = field(label="Resumed")


class JobProcess(Record):
    """A process that runs jobs, or hands them to the broker, and when it was last heard of by the database's clock."""

    __title__ = "Job process"
    __journal__: ClassVar[bool] = True
    name: Mapped[str] = field(max_length=200, unique=True, search=True)
    kind: Mapped[str] = field(max_length=20)
    seen_at: Mapped[datetime] = field(label="Last heard of")
