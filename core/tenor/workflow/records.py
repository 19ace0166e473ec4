"""What the engine keeps. Definitions, cases, steps, votes, duties and tasks are journals: their rows are written by the
engine alone, and are themselves the record of what happened, beside the ledger's entry of the act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenor.access.offered import position_text, positions
from tenor.access.records import Unit, User
from tenor.events.wire import from_json
from tenor.workflow.definitions import titled
from tenor.workflow.limit_text import check_shape
from tenor.workflow.offered import authorities, committees, stages, workflows
from tenor.workflow.shares import read_quorum, read_share
from tenor.workflow.versions import Version
from tenor_sdk.fields import field, lines, link, person
from tenor_sdk.i18n import Text
from tenor_sdk.records import Line, Record, computed

OPEN: Final = "open"
DONE: Final = "done"
CANCELLED: Final = "cancelled"


class WorkflowDefinition(Record):
    """A workflow as it stood with all that plugins added to it. Never changed: another content is another row."""

    __title__ = "Workflow definition"
    __journal__: ClassVar[bool] = True
    workflow: Mapped[str] = field(max_length=200, index=True, search=True)
    hash: Mapped[str] = field(max_length=64, unique=True)
    content: Mapped[dict[str, Any]] = field(help="States, transitions, the names of guards")

    def display(self) -> str:
        return f"{self.workflow} {self.hash[:8]}"


class WorkflowCase(Record):
    """A record on its way through a workflow, pinned to the definition with which it began.

    Each branch of a state is a row of its own beside the record's: it stands in a state of the branch, and counts only
    while the record's case is in the state that has it.

    Attributes:
        branch: its name; empty for the record's own way.
        round: counted up by each step, so that two stays in the same state aren't taken for one.
        straight_to: the state from which it was returned, where the next step on leads straight back there.
        held_up_at: when whoever leads it was told that something holds up what its committee decided; of an earlier
            stay where it is before ``entered_at``.
    """

    __title__ = "Case"
    __journal__: ClassVar[bool] = True
    __table_args__ = (UniqueConstraint("table_name", "record_id", "branch"),)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    branch: Mapped[str] = field(max_length=64, default="")
    definition_id: Mapped[int] = link(WorkflowDefinition)
    state: Mapped[str] = field(max_length=64, index=True)
    entered_at: Mapped[datetime] = field(label="In this state since")
    round: Mapped[int] = field(default=0)
    straight_to: Mapped[str] = field(max_length=64, default="", label="Leads straight back to")
    held_up_at: Mapped[datetime | None] = field(label="Held up")


class WorkflowStep(Record):
    """A step that a case took, and how long it had stood before.

    Attributes:
        kind: ``return``, ``recall``, ``time-out`` or ``migration``; empty for a step on.
    """

    __title__ = "Step"
    __journal__: ClassVar[bool] = True
    case_id: Mapped[int] = link(WorkflowCase)
    transition: Mapped[str] = field(max_length=64)
    source: Mapped[str] = field(max_length=64)
    target: Mapped[str] = field(max_length=64)
    entered_at: Mapped[datetime] = field(help="When the source was entered")
    left_at: Mapped[datetime] = field()
    user_id: Mapped[int | None] = field(label="Person")
    automatic: Mapped[bool] = field(default=False)
    reason: Mapped[str] = field(default="", widget="long-text")
    kind: Mapped[str] = field(max_length=20, default="")


class Task(Record):
    """What somebody must do on a record while it is in a state. Done by doing it: the state is left.

    Attributes:
        title, plugin: the words, and whose catalogue translates them.
        stage: the state in which it arose; ``round`` that of the case.
        position, unit_id: the holders of this position in this unit may take it; no unit: wherever.
        several: whether it takes several people, so that nobody takes it alone.
        assignee_id: who has it; None while it is the group's.
        why: why it came to them, as a text.
        handed_by_id: who handed it to whoever has it, and may take it back.
        snoozed_until: the day on which it comes back before the one who has it.
        offered_at: when others were told that its person isn't there, once.
        rules_id: the version of the task rules by which it was given; none: as the plugin declares it.
        basis: among whom it was chosen: who had the position, how many tasks each had, who couldn't take it. From it
            the choice can be worked out again.
        reminders: of it, with how often each was told, see ``tenor.workflow.reminders``; none: of before there were
            several, half of its time.
        remind_at: when the next of them is told; ``reminded_at``: when one was last; ``escalated_at``: when that was
            done, once.
    """

    __title__ = "Task"
    __journal__: ClassVar[bool] = True
    __table_args__ = (
        Index(None, "table_name", "record_id"),
        Index(None, "assignee_id", "state"),
        Index(None, "state", "position", "unit_id"),
        Index(None, "state", "remind_at"),
        Index(None, "state", "due_at"),
    )
    title: Mapped[str] = field(max_length=200, search=True)
    plugin: Mapped[str] = field(max_length=100)
    case_id: Mapped[int] = link(WorkflowCase)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    stage: Mapped[str] = field(max_length=64)
    round: Mapped[int] = field()
    state: Mapped[str] = field(
        max_length=20,
        default=OPEN,
        choices=((OPEN, "to be done"), (DONE, "done"), (CANCELLED, "cancelled")),
    )
    position: Mapped[str] = field(max_length=100, default="")
    unit_id: Mapped[int | None] = link(Unit, label="Unit")
    record_unit_id: Mapped[int | None] = field(label="The record's unit")
    several: Mapped[bool] = field(default=False)
    assignee_id: Mapped[int | None] = link(User, label="Whose")
    why: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    handed_by_id: Mapped[int | None] = field(label="Handed over by", index=True)
    snoozed_until: Mapped[date | None] = field(label="Comes back on")
    offered_at: Mapped[datetime | None] = field()
    rules_id: Mapped[int | None] = field(label="By the task rules")
    basis: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    priority: Mapped[int] = field(default=0, help="Higher comes first, whatever the deadlines")
    arisen_at: Mapped[datetime] = field()
    due_at: Mapped[datetime | None] = field(label="Due")
    reminders: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    remind_at: Mapped[datetime | None] = field(label="Next reminder")
    reminded_at: Mapped[datetime | None] = field(label="Last reminder")
    escalate_to: Mapped[str] = field(max_length=100, default="")
    escalated_at: Mapped[datetime | None] = field()
    done_at: Mapped[datetime | None] = field()
    done_by_id: Mapped[int | None] = field(label="Done by")

    @computed("title", "plugin")
    def what(self) -> Text:
        """What is to be done."""
        return titled(self.title, self.plugin)

    @computed("why")
    def because(self) -> Text | None:
        """Why it came to whoever has it."""
        said = from_json(self.why)
        return said if isinstance(said, Text) else None

    def display(self) -> str:
        """Its number; its words are said in each reader's language."""
        return f"#{self.id}"


class Vote(Record):
    """One person's part in a transition that takes several, bound to the hash of what was decided on. Put in in
    another's place it is one vote, and both have voted.

    Attributes:
        round: the case's; votes count for one round.
        authority: by which the person might vote: its version with all its lines, the figures of the case, the line and
            the positions. From these the answer can be worked out again; see ``Authorities.replay``.
        ballot: what they said, see ``tenor_sdk.approvals.Ballot``; a recusal counts for all rounds of the case.
        void_at: since when it doesn't count any more, and ``void_reason`` why: ``changed``, ``left``, ``replaced`` (by
            another of theirs) or ``recused``.
    """

    __title__ = "Vote"
    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "case_id", "round"),)
    case_id: Mapped[int] = link(WorkflowCase)
    round: Mapped[int] = field()
    transition: Mapped[str] = field(max_length=64)
    user_id: Mapped[int] = link(User)
    behalf_of_id: Mapped[int | None] = field(label="In the place of")
    shown_hash: Mapped[str] = field(max_length=64, help="SHA-256 of what was decided on")
    at: Mapped[datetime] = field()
    opinion: Mapped[str] = field(default="", widget="long-text")
    inputs: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    authority: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    void_at: Mapped[datetime | None] = field()
    void_reason: Mapped[str] = field(max_length=20, default="")
    ballot: Mapped[str] = field(max_length=20, default="for")


class Duty(Record):
    """A step that a person did on a record, for the segregation of duties; in another's place it counts for both."""

    __title__ = "Duty"
    __journal__: ClassVar[bool] = True
    __table_args__ = (Index(None, "table_name", "record_id"),)
    table_name: Mapped[str] = field(max_length=100)
    record_id: Mapped[int] = field()
    step: Mapped[str] = field(max_length=100)
    user_id: Mapped[int] = field(label="Person", index=True)
    behalf_of_id: Mapped[int | None] = field(label="In the place of", index=True)
    at: Mapped[datetime] = field()


class CalendarDay(Record):
    """A day of the institution's calendar that isn't what its weekday says: a day off, or a make-up working day.

    What is entered here goes before the tables that come with the kernel.
    """

    __title__ = "Calendar day"
    day: Mapped[date] = field(unique=True)
    working: Mapped[bool] = field(help="Whether the institution works on it")
    name: Mapped[str] = field(max_length=100, default="", search=True)
    confirmed: Mapped[bool] = field(
        default=False,
        help="Whether the official notice says so; one such day makes its year a confirmed one",
    )

    def display(self) -> str:
        return f"{self.day.isoformat()} {self.name}".strip()


class UserSkill(Record):
    """What somebody is good at: tasks whose case asks for it come to them first."""

    __title__ = "Skill"
    __plural__ = "Skills"
    __table_args__ = (UniqueConstraint("user_id", "skill"),)
    user_id: Mapped[int] = link(User, label="Whose")
    skill: Mapped[str] = field(
        max_length=100,
        index=True,
        search=True,
        help="As the records say it: an industry, a product",
    )

    def display(self) -> str:
        return self.skill


class AuthorityVersion(Version):
    """Who decides what kind of case up to what, from a day on.

    Proposed by one, approved by another, published by a third.

    Attributes:
        authority: ``<plugin>.<name>`` of the declaration that says over which dimensions limits are set.
    """

    __title__ = "Authority"
    __plural__ = "Authorities"
    __of__ = "authority"
    __table_args__ = (UniqueConstraint("authority", "number"),)
    authority: Mapped[str] = field(
        max_length=200, readonly=True, search=True, label="Authority", offered=authorities
    )
    approved_by_id: Mapped[int | None] = person(label="Approved by")
    entries: Mapped[list[AuthorityLine]] = lines()


class AuthorityLine(Line[AuthorityVersion]):
    """Whose holders decide, within which limits, alone or with how many."""

    __title__ = "Line of an authority"
    __plural__ = "Lines of the authority"
    position: Mapped[str] = field(
        max_length=100,
        pattern=r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        offered=positions,
    )
    people: Mapped[int] = field(
        default=1, minimum=1, maximum=99, label="How many", help="Distinct people"
    )
    among: Mapped[str] = field(
        max_length=100, default="", pattern=r"([a-z][a-z0-9]*(-[a-z0-9]+)*)?", label="One of them holds",
        help="A further position, or nothing", offered=positions,
    )  # fmt: skip
    limits: Mapped[str] = field(
        max_length=1000, default="", label="Limits", check=check_shape,
        help="Such as amount <= 10000000.00 CNY; rating >= A. Empty: without a limit",
    )  # fmt: skip

    @computed("position")
    def position_title(self) -> Text:
        """The position as people call it."""
        return position_text(self.position)

    def display(self) -> str:
        return f"{self.position} {self.limits}".strip()


class TaskRuleVersion(Version):
    """Who gets the tasks of a workflow, how urgent they are, until when, and when whom is reminded, from a day on.

    Proposed by one, published by another. What plugins declare counts until there is a version, and for the states of
    which a version says nothing.

    Attributes:
        workflow: ``<plugin>.<record>``.
    """

    __title__ = "Task rules"
    __plural__ = "Task rules"
    __of__ = "workflow"
    __table_args__ = (UniqueConstraint("workflow", "number"),)
    workflow: Mapped[str] = field(
        max_length=200, readonly=True, search=True, label="Workflow", offered=workflows
    )
    entries: Mapped[list[TaskRule]] = lines()
    reminders: Mapped[list[TaskReminder]] = lines()


class TaskRule(Line[TaskRuleVersion]):
    """Who gets the task of one state, how urgent it is, and until when."""

    __title__ = "Task rule"
    __plural__ = "Task rules of the version"
    stage: Mapped[str] = field(max_length=64, label="State", offered=stages)
    position: Mapped[str] = field(
        max_length=100, default="", pattern=r"([a-z][a-z0-9]*(-[a-z0-9]+)*)?", offered=positions,
        help="Whose task it is; empty: of whoever looks after the record",
    )  # fmt: skip
    anywhere: Mapped[bool] = field(
        default=False, help="Whoever holds the position, whichever unit the record belongs to"
    )
    way: Mapped[str] = field(
        max_length=20, default="load", label="Who of them",
        choices=(
            ("load", "Fewest open tasks"), ("turns", "In turn"), ("group", "Whoever takes it"),
            ("owner", "Who looks after what it is about"),
        ),
    )  # fmt: skip
    owner_of: Mapped[str] = field(
        max_length=100, default="", label="Looks after",
        help="The link of the record whose owner it is, such as customer_id; empty: the record itself",
    )  # fmt: skip
    skill_of: Mapped[str] = field(
        max_length=200, default="", label="Skill",
        help="The field that says which skill is asked for, such as customer_id.industry",
    )  # fmt: skip
    priority: Mapped[int] = field(
        default=0, minimum=-9, maximum=9, help="Higher comes first, whatever the deadlines"
    )
    working_days: Mapped[int | None] = field(
        minimum=0, maximum=366, label="Working days", help="Empty: without a deadline"
    )
    escalate_to: Mapped[str] = field(
        max_length=100, default="", pattern=r"([a-z][a-z0-9]*(-[a-z0-9]+)*)?",
        label="Tell when overdue", offered=positions,
    )  # fmt: skip

    def display(self) -> str:
        return f"{self.stage} {self.position}".strip()


class TaskReminder(Line[TaskRuleVersion]):
    """When somebody is reminded of the task of a state; a state may have several."""

    __title__ = "Reminder"
    __plural__ = "Reminders of the version"
    stage: Mapped[str] = field(max_length=64, label="State", offered=stages)
    way: Mapped[str] = field(
        max_length=20, default="share", label="When",
        choices=(
            ("share", "When a share of its time is over, in per cent"),
            ("days", "Working days before it is due, in the morning"),
            ("hours", "Office hours before it is due"),
            ("overdue", "Each working day that it is overdue, at most so many"),
        ),
    )  # fmt: skip
    amount: Mapped[int] = field(
        default=50, minimum=0, maximum=999, label="How much",
        help="Per cent, days, hours, or how many times at most",
    )  # fmt: skip
    whom: Mapped[str] = field(
        max_length=20, default="person",
        choices=(("person", "Whoever has it"), ("above", "Also who is told when overdue")),
    )  # fmt: skip

    def display(self) -> str:
        return f"{self.stage} {self.way} {self.amount}".strip()


class CommitteeVersion(Version):
    """By which quorum and share a committee decides, and who has a veto, from a day on.

    Proposed by one, published by another. What the plugin declares counts until there is a version. A case goes by the
    version that was in force on the day on which it came before the committee.

    Attributes:
        committee: ``<plugin>.<record>.<transition>`` of the decision that it takes.
        quorum, share: see ``committee_rules``.
    """

    __title__ = "Committee rule"
    __of__ = "committee"
    __table_args__ = (UniqueConstraint("committee", "number"),)
    committee: Mapped[str] = field(
        max_length=300, readonly=True, search=True, label="Committee", offered=committees
    )
    quorum: Mapped[str] = field(
        max_length=20, check=read_quorum,
        help="How many must vote: people, such as 3, or a share of all members, such as 1/2",
    )  # fmt: skip
    share: Mapped[str] = field(
        max_length=20, check=read_share, label="Share for it",
        help="Of those who may vote, such as 2/3 or 60%",
    )  # fmt: skip
    veto: Mapped[str] = field(
        max_length=100, default="", pattern=r"([a-z][a-z0-9]*(-[a-z0-9]+)*)?", offered=positions,
        label="Who has a veto",
        help="The position of the member whose veto ends it; empty: nobody's",
    )  # fmt: skip
