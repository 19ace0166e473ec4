"""Tasks that go from one person to another: one of them, everything of one person, back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from tenor.access.offered import position_text
from tenor.access.people import away
from tenor.access.records import User
from tenor.events.rows import table_of
from tenor.events.wire import to_json
from tenor.workflow.access import hand_over_tasks
from tenor.workflow.assignment import Group, Load, choose
from tenor.workflow.definitions import titled
from tenor.workflow.following import follow
from tenor.workflow.notices import TASK
from tenor.workflow.records import OPEN
from tenor.workflow.takers import Takers
from tenor.workflow.taking_part import giver_of, has_it, people_of
from tenor.workflow.tasks import Tasks, task
from tenor_sdk.access import ADMINISTRATOR
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.i18n import Text, _
from tenor_sdk.records import Record

if TYPE_CHECKING:
    from tenor.access import ActorData
    from tenor.context import KernelContext
    from tenor.kernel import Kernel

_users: Final = table_of(User)
Row = Mapping[str, Any]
#: rows of which one statement asks
_CHUNK: Final = 500


@dataclass(frozen=True)
class Move:
    """What would become of one task.

    Args:
        row: of the task.
        taker_id: to whom it would go; None where it stays.
        why_not: why it stays.
        unit_id: whose position in which unit it is then; None: wherever.
    """

    row: Row
    taker_id: int | None = None
    why_not: Text | None = None
    unit_id: int | None = None


class Handing:
    """Hands tasks over.

    Args:
        tasks: knows who may take one.
    """

    def __init__(self, kernel: Kernel, tasks: Tasks) -> None:
        self.kernel = kernel
        self._tasks = tasks
        self.offered = Takers(kernel)

    # -- one task ---------------------------------------------------------------------------------------------------

    def hand_over(
        self, ctx: KernelContext, identity: int, user_id: int, *, reason: str = ""
    ) -> None:
        """Give a task to another who may do it: one's own, that of whom one stands in for; others' with the right to
        do so.

        Raises:
            NotFound: it isn't this person's, and they may not hand over others'.
            Invalid: ``required``: a reason, for others' tasks.
            Conflict: ``task-done``; ``task-taken``: somebody else has it by now.
            Refused: ``cannot-take-task``: the other doesn't hold the position, is on leave, or did a step against it;
                ``task-of-several``: it is everybody's who decides.
        """
        row = self._tasks.row(ctx, identity)
        own = row is not None and self.has(ctx, row)
        if row is None or not (own or ctx.may(hand_over_tasks)):
            raise NotFound("not-found")
        if not own and not reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        check_open(row)
        if row["several"]:
            raise Refused("task-of-several")
        (move,) = self._moves(ctx, [row], user_id)
        if move.taker_id is None:
            raise Refused("cannot-take-task")
        with self.kernel.access.standing.taken(ctx, giver_of(ctx.actor, row)):
            self._give(ctx, move, user_id, reason.strip())

    def has(self, ctx: KernelContext, row: Row) -> bool:
        """Whether a task is this person's, or of one for whom they stand in, where neither did a step against it."""
        if not has_it(ctx.actor, row):
            return False
        if giver_of(ctx.actor, row) is None:
            return True
        return not self._barred(ctx, [row])[row["id"]] & people_of(ctx.actor, row)

    def takers(self, ctx: KernelContext, row: Row) -> list[int]:
        """To whom a task can go: of those who are here the holders of its position; where it goes by none, whoever has
        the right to do it."""
        barred = self._barred(ctx, [row])[row["id"]]
        if not row["position"]:
            able = [one for one in self.offered.by_right(ctx, row) if one not in barred]
        else:
            unit = row["unit_id"]
            able = list(
                self._tasks.group(
                    ctx, row["position"], unit, anywhere=unit is None, barred=barred
                ).members
            )
        return [one for one in able if one != row["assignee_id"]]

    def take_back(self, ctx: KernelContext, identity: int) -> None:
        """Take back what one handed over, as long as it isn't done.

        Raises:
            NotFound: it wasn't this person who handed it over last.
            Conflict: ``task-done``.
            Refused: ``cannot-take-task``: the person doesn't hold its position any more, or did a step against it.
        """
        row = self._tasks.row(ctx, identity)
        if row is None or row["handed_by_id"] != ctx.actor.id:
            raise NotFound("not-found")
        check_open(row)
        (move,) = self._moves(ctx, [row], ctx.actor.id)
        if move.taker_id is None:
            raise Refused("cannot-take-task")
        why = _("Taken back by {name}", name=ctx.actor.name)
        given = {"assignee_id": ctx.actor.id, "unit_id": move.unit_id}
        self._set(ctx, row, **given, why=to_json(why), handed_by_id=None)
        self._note(ctx, "task-taken-back", row, held_by=row["assignee_id"])
        if row["assignee_id"] is not None:
            self._tell(
                ctx,
                [row["assignee_id"]],
                _("Taken back from you: {task}", task=words(row)),
                why,
                row,
            )

    def put_back(self, ctx: KernelContext, identity: int, *, reason: str = "") -> None:
        """Give a task of one's own, or of whom one stands in for, back to everybody who may take it.

        Raises:
            NotFound: it isn't this person's.
            Conflict: ``task-done``.
            Refused: ``task-of-nobody-else``: it goes by no position, so that nobody waits for it.
        """
        row = self._tasks.row(ctx, identity)
        if row is None or not self.has(ctx, row):
            raise NotFound("not-found")
        check_open(row)
        if not row["position"]:
            raise Refused("task-of-nobody-else")
        giver = giver_of(ctx.actor, row)
        why = _(
            "Put back by {name}: {reason}", name=_acting(ctx, giver), reason=reason.strip() or "—"
        )
        with self.kernel.access.standing.taken(ctx, giver):
            self._set(ctx, row, assignee_id=None, why=to_json(why), handed_by_id=None)
            self._note(ctx, "task-put-back", row, reason=reason.strip())
        anywhere = row["unit_id"] is None
        barred = self._barred(ctx, [row])[row["id"]]
        group = self._tasks.group(
            ctx, row["position"], row["unit_id"], anywhere=anywhere, barred=barred
        )
        told = set(group.members) - people_of(ctx.actor, row)
        self._tell(ctx, told, _("Waits for one of you: {task}", task=words(row)), why, row)

    # -- everything of one person -----------------------------------------------------------------------------------

    def plan(self, ctx: KernelContext, giver: int, taker: int | None) -> list[Move]:
        """What would become of every open task of one person, by deadline; nothing is changed.

        Args:
            taker: to whom; None: to whom each would go by its position and by what everybody has on the desk.

        Raises:
            Forbidden: ``not-permitted``: others' without the right.
        """
        if giver != ctx.actor.id and not ctx.may(hand_over_tasks):
            raise Forbidden("not-permitted", what=hand_over_tasks.title)
        own = select(task).where(task.c.state == OPEN, task.c.assignee_id == giver)
        ordered = own.order_by(task.c.due_at.is_(None), task.c.due_at, task.c.id)
        rows = self._run(ctx, ordered).mappings().all()
        return self._moves(ctx, rows, taker, without=giver)

    def hand_over_all(
        self, ctx: KernelContext, giver: int, taker: int | None, *, reason: str
    ) -> Sequence[Move]:
        """Give everything of one person to others, in one step; what nobody can take stays, see ``plan``.

        Raises:
            Forbidden: ``not-permitted``: others' without the right.
            Invalid: ``required``: a reason.
        """
        moves = self.plan(ctx, giver, taker)
        if not reason.strip():
            raise Invalid("invalid", {"reason": Invalid("required")})
        for move in moves:
            if move.taker_id is not None:
                self._give(ctx, move, move.taker_id, reason.strip())
        return moves

    def pass_on(self, ctx: KernelContext, row: Row, name: str) -> None:
        """Give a task of somebody who can't do it any more to another of its position; to all of them where nobody is
        able now, of which administrators are told.

        Args:
            name: whose it was.
        """
        (move,) = self._moves(ctx, [row], None, without=row["assignee_id"])
        why = _("{name} doesn’t hold the position any more, or has left", name=name)
        given = {"assignee_id": move.taker_id, "unit_id": move.unit_id}
        self._set(ctx, row, **given, why=to_json(why), handed_by_id=None)
        held = row["assignee_id"]
        self._note(ctx, "task-passed-on", row, given_to=move.taker_id, held_by=held)
        if move.taker_id is not None:
            self._tell(ctx, [move.taker_id], _("New task: {task}", task=words(row)), why, row)
            return
        keepers = self.kernel.access.holders(ctx, ADMINISTRATOR, None)
        nobody = _("Nobody can take the task {task}", task=words(row))
        self._tell(ctx, keepers, nobody, why, row)

    def _moves(
        self,
        ctx: KernelContext,
        rows: Sequence[Row],
        taker: int | None,
        *,
        without: int | None = None,
    ) -> list[Move]:
        """For each task who would get it. The groups are asked once for each position, unit and who is barred: whoever
        stands in for somebody who is away makes them able only where they may do it themselves."""
        barred = self._barred(ctx, rows)
        there = self._there(ctx, [taker]) if taker is not None else frozenset[int]()
        groups: dict[tuple[str, int | None, frozenset[int]], Group] = {}
        loads: dict[int, Load] = {}
        found = []
        for row in rows:
            unit = row["unit_id"]
            if row["position"]:
                where = (row["position"], row["unit_id"], frozenset(barred[row["id"]]))
                if where not in groups:
                    position, unit_id, out = where
                    groups[where] = self._tasks.group(
                        ctx, position, unit_id, anywhere=unit_id is None, barred=out
                    )
                able = list(groups[where].members)
                unit = groups[where].unit_id if able else unit
            else:
                able = self._owners(ctx, row, taker if taker in there else None)
            able = [one for one in able if one != without]
            move = self._move(ctx, row, able, taker, there, barred[row["id"]], loads)
            found.append(replace(move, unit_id=unit))
        return found

    def _move(
        self,
        ctx: KernelContext,
        row: Row,
        able: Sequence[int],
        taker: int | None,
        there: frozenset[int],
        barred: set[int],
        loads: dict[int, Load],
    ) -> Move:
        if row["several"]:
            return Move(row, None, _("Before everybody who may decide it"))
        if taker is not None:
            if taker in able:
                return Move(row, taker)
            return Move(row, None, _why_not(row, taker, there, barred))
        if not row["position"]:
            return Move(row, None, _("It goes by no position: say to whom"))
        if not able:
            return Move(row, None, _("Nobody else can take it now"))
        unknown = [one for one in able if one not in loads]
        loads |= self._tasks.loads(ctx, unknown) if len(able) > 1 else {}
        chosen = choose(able, loads).user_id
        assert chosen is not None  # there is somebody able
        loads[chosen] = loads.get(chosen, Load()).and_more(1)
        return Move(row, chosen)

    def _barred(self, ctx: KernelContext, rows: Iterable[Row]) -> dict[int, set[int]]:
        """For each task who, for what they did on its record, can't do it."""
        rows = list(rows)
        engine = self.kernel.workflow
        found: dict[int, set[int]] = {}
        for start in range(0, len(rows), _CHUNK):
            part = rows[start : start + _CHUNK]
            done = engine.duties.on_all(
                ctx, [(one["table_name"], one["record_id"]) for one in part]
            )
            excluding = engine.excluding(ctx, part)
            for row in part:
                steps = excluding[row["id"]]
                about = done.get((row["table_name"], row["record_id"]), ())
                found[row["id"]] = {user for step, user in about if step in steps}
        return found

    def _owners(self, ctx: KernelContext, row: Row, taker: int | None) -> list[int]:
        """Who may take what goes by no position: whoever has the right to a step that leads on, on this record."""
        if taker is None or not self.offered.may_take(ctx, row, taker):
            return []
        return [taker]

    def _there(self, ctx: KernelContext, users: Sequence[int]) -> frozenset[int]:
        """Those of them who work here and aren't on leave."""
        here = (_users.c.id.in_(users), _users.c.active, ~_users.c.archived, ~away(ctx.today))
        return frozenset(self._run(ctx, select(_users.c.id).where(*here)).scalars())

    # -- rows -------------------------------------------------------------------------------------------------------

    def _give(self, ctx: KernelContext, move: Move, user_id: int, reason: str) -> None:
        row = move.row
        giver = giver_of(ctx.actor, row)
        why = _("Handed over by {name}: {reason}", name=_acting(ctx, giver), reason=reason or "—")
        # in another's place it is the other who may take it back
        by = giver.id if giver is not None else ctx.actor.id or None
        self._set(
            ctx,
            row,
            assignee_id=user_id,
            unit_id=move.unit_id,
            why=to_json(why),
            handed_by_id=None if by == user_id else by,
        )
        held = row["assignee_id"]
        self._note(ctx, "task-handed-over", row, reason=reason, given_to=user_id, held_by=held)
        told = {user_id} - {ctx.actor.id}
        self._tell(ctx, told, _("Handed over to you: {task}", task=words(row)), why, row)

    def _set(self, ctx: KernelContext, row: Row, **values: Any) -> None:
        """Change whose a task is, as long as it is still whose it was; it is before them at once.

        Raises:
            Conflict: ``task-taken``, with who has it.
        """
        unmoved = task.c.assignee_id.is_not_distinct_from(row["assignee_id"])
        still = (task.c.id == row["id"], task.c.state == OPEN, unmoved)
        shared = {"snoozed_until": None, "offered_at": None, "changed_at": ctx.now}
        if not self._run(ctx, update(task).where(*still).values(**shared, **values)).rowcount:
            raise Conflict("task-taken", who=self._tasks.holder(ctx, row["id"]))
        follow(ctx, row, values["assignee_id"])

    def _about(self, row: Row) -> Record | None:
        """The record of a task, by its id alone: whoever is told looks it up with their own eyes."""
        kind = self.kernel.records.by_table.get(row["table_name"])
        return kind(id=row["record_id"]) if kind is not None else None

    def _tell(
        self, ctx: KernelContext, users: Iterable[int], title: Text, body: Text, row: Row
    ) -> None:
        told = sorted(users)
        if told:
            stay = row["case_id"], row["round"]
            about = self._about(row)
            self.kernel.notify.notify(ctx, told, title, body, about, kind=TASK, stay=stay)

    def _note(
        self, ctx: KernelContext, kind: str, row: Row, *, reason: str = "", **values: Any
    ) -> None:
        about = self._about(row)
        self.kernel.audit.note(ctx, kind, about, reason=reason, task=row["id"], **values)

    def _run(self, ctx: KernelContext, statement: Any) -> Any:
        return self.kernel.db.execute(ctx.guarded, statement)


def _acting(ctx: KernelContext, giver: ActorData | None) -> Text | str:
    """Who acts, and in whose place."""
    if giver is None:
        return ctx.actor.name
    return _("{name} (in the place of {giver})", name=ctx.actor.name, giver=giver.name)


def check_open(row: Row) -> None:
    """See to it that a task isn't over.

    Raises:
        Conflict: ``task-done``.
    """
    if row["state"] != OPEN:
        raise Conflict("task-done")


def words(row: Row) -> Text:
    """What is to be done."""
    return titled(row["title"], row["plugin"])


def _why_not(row: Row, taker: int, there: frozenset[int], barred: set[int]) -> Text:
    if taker not in there:
        return _("Is on leave, or has left")
    if taker in barred:
        return _("What they did on this case stands against it")
    if not row["position"]:
        return _("May not do it on this record")
    return _("Doesn’t hold the position {position} for it", position=position_text(row["position"]))
