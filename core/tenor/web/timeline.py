"""What happened to a record, newest first: the ledger's entries, comments, files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from tenor.access.records import User
from tenor.audit.set_based import BULK
from tenor.events.rows import table_of
from tenor.files.records import File
from tenor.records.lines import is_lines
from tenor.records.mentioning import mentioned
from tenor.records.specs import FieldSpec
from tenor.web import addresses, tasks_told
from tenor.web.comment_text import cut, parts_of
from tenor.web.drafting import Drafting
from tenor.web.exports_told import FIELDS, FILTER, OF, in_words
from tenor.web.steps import ACTIONS, VOTES, new, step_of
from tenor.web.templating import nonce
from tenor.workflow.records import Task
from tenor_sdk.i18n import Text, _, ngettext
from tenor_sdk.records import words

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor_sdk.records import Record

Values = dict[str, Any]
SHOWN: Final = 40
#: so many entries of a record are looked through for those about one of its tasks
_OF_TASKS: Final = 400
#: so many values of a new record stand there at once
_FEW: Final = 3
#: a comment longer than this is folded, with so much of it before it
_LONG: Final = 1000
_BEGINS: Final = 280
#: in words, what the ledger has entries of
DONE: Final[Mapping[str, Text]] = {
    "create": _("made it"),
    "update": _("changed it"),
    "delete": _("removed it"),
    "bulk-create": _("made it, with others"),
    "bulk-update": _("changed it, with others"),
    "transition": _("moved it on"),
    "case-migrated": _("moved it to the newest workflow"),
    "vote": _("decided"),
    "committee-decided": _("the committee has decided"),
    "reveal": _("looked at a masked value"),
    "bulk": _("acted on several at once"),
    "bulk-done": _("is done with several"),
    "export": _("exported"),
    "export-ended": _("took out another number of rows than was said"),
    "values-cleared": _("erased values of it"),
    "values-erased": _("erased values of it in the ledger"),
    "entries-retired": _("took old entries out"),
    "plugin-removed": _("removed the plugin"),
    "plugin-restored": _("brought the plugin back"),
    "plugin-purged": _("destroyed the plugin’s data"),
    "elevated": _("read beyond their own rows"),
    "action": _("carried out an action"),
    "action-refused": _("tried an action"),
    "guard-failed": _("a check failed"),
    "handler-failed": _("a handler failed"),
    "hook-failed": _("a hook failed"),
    "institution-restored": _("restored the institution from a backup"),
    "seals-rebased": _("began the seals anew"),
    "callback-left-out": _("left out a part of a plugin that kept failing"),
    "callback-again": _("called a part of a plugin again"),
    "callback-reset": _("had a part of a plugin called again"),
    "callback": _("was told by a provider"),
    "callback-refused": _("refused a provider’s callback"),
    "sign-in": _("signed in"),
    "password-changed": _("changed a password"),
    "denied": _("was refused"),
    "task-claimed": _("took a task"),
    "task-handed-over": _("handed a task over"),
    "task-taken-back": _("took a task back"),
    "task-put-back": _("put a task back"),
    "task-passed-on": _("passed on the task of somebody who isn’t there"),
    "task-snoozed": _("put a task off"),
    "task-woken": _("brought a task back into sight"),
    "job-again": _("ran a job again"),
    "job-cancelled": _("cancelled a job"),
    "jobs-paused": _("paused the jobs of a plugin"),
    "jobs-resumed": _("resumed the jobs of a plugin"),
}
#: what an entry tells beside fields
_TOLD: Final[Mapping[str, Text]] = {
    "of": OF,
    "format": _("Format"),
    "rows": _("Rows"),
    "records": _("Records"),
    "changed": _("Records changed"),
    "refused": _("Refused"),
    "fields": FIELDS,
    "filter": FILTER,
    "field": _("Field"),
}
#: kinds of entries whose changes are those of fields; other kinds have words of their own
_OF_FIELDS: Final = frozenset(("create", "update", "delete", "bulk-create", "bulk-update"))
_WEEKDAYS: Final = (
    _("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"),
)  # fmt: skip


@dataclass
class Happening:
    """One thing that happened."""

    at: datetime
    who: str
    did: str = ""
    own: bool = False
    text: str = ""
    said: str = ""
    parts: list[Values] = field(default_factory=list)
    folded: bool = False
    changes: list[Values] = field(default_factory=list)
    files: list[Values] = field(default_factory=list)


class Timeline:
    """The timeline of one record for one person."""

    def __init__(self, web: Web, ctx: KernelContext, show: Show, record: Record) -> None:
        self.web, self.ctx, self.show, self.record = web, ctx, show, record
        self.kind = type(record)
        self.specs = web.kernel.records.in_ledger(ctx, self.kind)
        self.state = next((spec for spec in self.specs.values() if spec.kind == "state"), None)

    def panel(self) -> Values:
        """The panel."""
        entries = self._entries()
        more = len(entries) > SHOWN
        happened = [*self._ledger(entries[:SHOWN]), *self._comments(), *self._files()]
        happened.sort(key=lambda one: one.at, reverse=True)
        made: Values = {"kind": "timeline", "days": self._days(happened)}
        if more:
            made["note"] = self.show.say(_("The last {n} entries", n=SHOWN))
        if getattr(self.record, "__discussed__", False):
            made["compose"] = self._compose()
            made["follow"] = self._follow()
        return made

    def _compose(self) -> Values:
        """The form of a comment, with what was typed into it when a session had ended."""
        form = {
            "action": addresses.of(self.record, "comments"),
            "once": nonce(),
            "text_name": "text",
            "file": "file",
            "placeholder": self.show.say(_("Write a comment, @ to tell a colleague")),
            "people": addresses.of(self.record, "people"),
        }
        return Drafting(self.web, self.ctx).dressed(form)

    def _entries(self) -> list[Entry]:
        """What the ledger has of the record, and one more than is shown; of a task what was done with it, which stands
        with the record that it is about."""
        if not isinstance(self.record, Task):
            return self.web.kernel.audit.history(self.ctx, self.record, limit=SHOWN + 1)
        about = tasks_told.about(self.ctx, self.record)
        if about is None:
            return []
        found = self.web.kernel.audit.history(self.ctx, about, limit=_OF_TASKS)
        return [
            entry for entry in found
            if tasks_told.of_task(entry) and new(entry, "task") == self.record.id
        ][: SHOWN + 1]  # fmt: skip

    def _follow(self) -> Values:
        follows = self.web.kernel.records.discussion.follows(self.ctx, self.record)
        return {
            "label": self.show.say(_("Unfollow") if follows else _("Follow")),
            "title": self.show.say(_("Be told of comments and of the steps of the case")),
            "post": addresses.of(self.record, "follow"),
            "once": nonce(),
            "icon": "bell-off" if follows else "bell",
            "fields": [{"name": "_follow", "value": "false" if follows else "true"}],
        }

    # -- the ledger -------------------------------------------------------------------------------------------------

    def _ledger(self, entries: list[Entry]) -> list[Happening]:
        """The entries; of a step on the case's way, the step with the state that it led to is one thing."""
        names = self.show.names([*self._linked(entries), *tasks_told.people_of(entries)])
        names |= tasks_told.titles_of(self.show, entries)
        steps = {
            (entry.request_id, new(entry, "from"), new(entry, "to"))
            for entry in entries
            if entry.kind == "transition"
        }
        happened = []
        for entry in entries:
            left = self._without_steps(entry, steps)
            if left is not None:
                happened.append(self._entry(left, names))
        return happened

    def _without_steps(self, entry: Entry, steps: set[tuple[str, Any, Any]]) -> Entry | None:
        """An entry less the state that a step led to; None where nothing is left."""
        pair = entry.changes.get(self.state.key) if self.state and entry.kind == "update" else None
        if self.state is None or pair is None or (entry.request_id, *pair) not in steps:
            return entry
        rest = {name: each for name, each in entry.changes.items() if name != self.state.key}
        return replace(entry, changes=rest) if rest else None

    def _linked(self, entries: list[Entry]) -> list[tuple[type[Record], int]]:
        wanted: list[tuple[type[Record], int]] = []
        for entry in entries:
            for name, pair in entry.changes.items():
                spec = self.specs.get(name)
                target = spec.target if spec else None
                kind = File if spec and spec.kind == "file" else target
                if kind is not None:
                    wanted += [(kind, value) for value in pair if isinstance(value, int)]
        return wanted

    def _entry(self, entry: Entry, names: Mapping[tuple[str, int], str]) -> Happening:
        return Happening(
            at=entry.at if entry.at.tzinfo else entry.at.replace(tzinfo=UTC),
            who=who_of(self.show, entry),
            did=step_of(self.web.kernel, self.show, self.kind, entry) or did(self.show, entry.kind),
            own=entry.actor_id == self.ctx.actor.id,
            text=self._text(entry),
            changes=self._changes(entry, names),
            folded=entry.kind == "create",
        )

    def _text(self, entry: Entry) -> str:
        if entry.reason:
            return self.show.say(_("Reason: {reason}", reason=entry.reason))
        if entry.kind == "committee-decided":
            return self._counted(entry)
        if entry.kind == "vote" and new(entry, "ballot") in (None, "for"):
            counted = {"n": new(entry, "number"), "needed": new(entry, "needed")}
            return self.show.say(_("{n} of the {needed} needed agree", **counted))
        return ""

    def _counted(self, entry: Entry) -> str:
        names = ("number", "against", "abstained", "entitled")
        counted = {name: new(entry, name) for name in names}
        if new(entry, "outcome") == "passed":
            said = _(
                "Passed: {number} for, {against} against, {abstained} abstained, of {entitled} who might vote",
                **counted,
            )
        else:
            said = _(
                "Refused: {number} for, {against} against, {abstained} abstained, of {entitled} who might vote",
                **counted,
            )
        return self.show.say(said)

    def _changes(self, entry: Entry, names: Mapping[tuple[str, int], str]) -> list[Values]:
        made = changes_of(self.show, entry, self.kind, self.specs, names)
        if isinstance(self.record, Task):  # which task it was is what the page is about
            made = [one for one in made if one["label"] != self.show.say(tasks_told.TASK)]
        return made

    # -- comments and files -----------------------------------------------------------------------------------------

    def _comments(self) -> list[Happening]:
        if not getattr(self.record, "__discussed__", False):
            return []
        found = self.web.kernel.records.discussion.comments(self.ctx, self.record, SHOWN)
        people = self._people([
            *(one.created_by_id for one in found),
            *(user for one in found for user in mentioned(one.mentions)),
        ])  # fmt: skip
        return [
            Happening(
                at=_aware(one.created_at), who=people.get(one.created_by_id, "—"),
                did=self.show.say(_("comments")), own=one.created_by_id == self.ctx.actor.id,
                said=one.text, parts=parts_of(one.text, one.mentions, people, self.ctx.actor.id),
            )
            for one in found
        ]  # fmt: skip

    def _files(self) -> list[Happening]:
        table = table_of(File)
        statement = (
            select(
                table.c.id, table.c.created_at, table.c.created_by_id, table.c.name, table.c.size
            )
            .where(
                table.c.about_table == self.kind.__tablename__, table.c.about_id == self.record.id
            )
            .order_by(table.c.id.desc())
            .limit(SHOWN)
        )
        rows = list(self.web.kernel.db.execute(self.ctx.guarded, statement))
        people = self._people([row.created_by_id for row in rows])
        return [
            Happening(
                at=_aware(row.created_at), who=people.get(row.created_by_id, "—"),
                did=self.show.say(_("attached a file")), own=row.created_by_id == self.ctx.actor.id,
                files=[{"text": row.name, "href": f"/files/{row.id}", "note": size_text(row.size)}],
            )
            for row in rows
        ]  # fmt: skip

    def _people(self, ids: list[int | None]) -> dict[int | None, str]:
        names = self.show.names((User, identity) for identity in ids if identity is not None)
        return {identity: name for (_table, identity), name in names.items()}

    def _fold(self, one: Happening) -> str:
        """Under which words many values are folded away; empty where they are few."""
        if not one.folded or len(one.changes) <= _FEW:
            return ""
        return self.show.say(ngettext("{n} field", "{n} fields", len(one.changes)))

    # -- days -------------------------------------------------------------------------------------------------------

    def _days(self, happened: list[Happening]) -> list[Values]:
        days = groupby(happened, key=lambda one: self.show.local(one.at).date())
        return [
            {
                "label": day_label(self.show, self.ctx, day),
                "entries": [self._shown(one) for one in each],
            }
            for day, each in days
        ]

    def _shown(self, one: Happening) -> Values:
        return {
            "who": one.who,
            "did": one.did,
            "time": f"{self.show.local(one.at):%H:%M}",
            "iso": one.at.isoformat(),
            "tone": "own" if one.own else "",
            "text": one.text,
            "fold": self._fold(one),
            "said": one.said,
            "parts": one.parts,
            "begins": cut(one.parts, _BEGINS) if len(one.said) > _LONG else [],
            "changes": one.changes,
            "files": one.files,
        }


def changes_of(
    show: Show,
    entry: Entry,
    kind: type[Record] | None,
    specs: Mapping[str, FieldSpec],
    names: Mapping[tuple[str, int], str],
) -> list[Values]:
    """The fields that an entry is about, each with its value before and after."""
    if entry.kind == "transition":
        entry = _as_update(entry, specs)
    elif entry.kind in (*VOTES, *ACTIONS):  # its step says all of it
        return []
    elif tasks_told.of_task(entry):
        return tasks_told.told(show, entry, names)
    made: list[Values] = []
    if entry.kind == "export":
        made, entry = in_words(show, entry)
    # a whole chunk of set-based work holds lists of what stood in its records, and those records themselves
    chunk = entry.kind.startswith(BULK) and "ids" in entry.changes
    specs = specs if entry.kind in _OF_FIELDS and not chunk else {}
    for name, pair in entry.changes.items():
        spec = specs.get(name)
        if spec is not None and spec.kind == "json":
            made.append({"label": label_of(show, name, kind, specs), "new": show.say(_("changed"))})
            continue
        if kind is not None and is_lines(kind, name):  # each of them has entries of its own
            made.append({"label": label_of(show, name, kind, specs), "new": show.say(_("changed"))})
            continue
        if entry.kind == "create" and pair[1] in (None, "", False):
            continue
        made.append({
            "label": label_of(show, name, kind, specs),
            "old": show.kept(spec, pair[0], kind, names),
            "new": show.kept(spec, pair[1], kind, names),
        })  # fmt: skip
    return made


def label_of(
    show: Show, name: str, kind: type[Record] | None, specs: Mapping[str, FieldSpec]
) -> str:
    """What that which an entry tells under a name is called."""
    if (spec := specs.get(name)) is not None:
        return show.label(spec)
    if kind is not None and is_lines(kind, name):
        return show.plural(kind.__mapper__.relationships[name].mapper.class_)
    return show.say(_TOLD.get(name) or words(name))


def _as_update(entry: Entry, specs: Mapping[str, FieldSpec]) -> Entry:
    """A step as the change of the state that it was."""
    state = next((spec.key for spec in specs.values() if spec.kind == "state"), "")
    pair = [new(entry, "from"), new(entry, "to")]
    return replace(entry, kind="update", changes={state: pair} if state else {})


def who_of(show: Show, entry: Entry) -> str:
    """Who did it, and in whose place."""
    who = show.who(entry.actor_name)
    if not entry.behalf_of_name:
        return who
    return show.say(_("{who}, in the place of {name}", who=who, name=entry.behalf_of_name))


def did(show: Show, kind: str) -> str:
    """What an entry's person did."""
    return show.say(DONE[kind]) if kind in DONE else show.say(words(kind.replace("-", "_")))


def day_label(show: Show, ctx: KernelContext, day: Any) -> str:
    """A day as a heading."""
    weekday = show.say(_WEEKDAYS[day.weekday()])
    text = show.say(_("{day}, {weekday}", day=day.isoformat(), weekday=weekday))
    return show.say(_("Today · {day}", day=text)) if day == ctx.today else text


def size_text(size: int) -> str:
    """Bytes, for people: ``84 KB``."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:,.0f} KB" if size < 1024**2 else f"{size / 1024**2:,.1f} MB"


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=UTC)
