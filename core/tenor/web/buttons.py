"""What can be done with a record now: stages, transitions with what blocks them, actions, tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tenor.loader.access import manage_plugins
from tenor.web import addresses
from tenor.web.templating import nonce
from tenor.web.work import task_item
from tenor_sdk.approvals import Ballot
from tenor_sdk.i18n import _, ngettext
from tenor_sdk.records import Archivable

if TYPE_CHECKING:
    from decimal import Decimal

    from tenor.context import KernelContext
    from tenor.web.show import Show
    from tenor.web.web import Web
    from tenor.workflow import Offered, Stage, Step
    from tenor_sdk.records import Record
    from tenor_sdk.views import Action
    from tenor_sdk.workflow import Blocker

Values = dict[str, Any]
#: where a step that needs a plugin which is off points to; for others than administrators there is no such page
_PLUGINS = "/plugins"
_STATUS = {
    "done": "done",
    "current": "now",
    "aside": "now",
    "good": "done",
    "bad": "refused",
    "later": "later",
}


def may_change(ctx: KernelContext, record: Record, *, frozen: bool) -> bool:
    """Whether somebody may change a record, and so put it away and bring it back.

    Args:
        frozen: whether its state lets nobody.
    """
    appended = getattr(record, "__append_only__", False)
    return not frozen and not appended and ctx.may(type(record), "update", record)


class Offers:
    """What one person may do with one record."""

    def __init__(self, web: Web, ctx: KernelContext, show: Show, record: Record) -> None:
        self.web, self.ctx, self.show, self.record = web, ctx, show, record
        self.kind = type(record)
        self.offered = web.kernel.workflow.available(ctx, record)

    # -- stages -----------------------------------------------------------------------------------------------------

    def stages(self) -> list[Values]:
        """The stage bar, with working days, what the next stage lacks, and the branches that go on."""
        bar = self.web.kernel.workflow.stage_bar(self.ctx, self.record, self.offered)
        return [self._stage(stage) for stage in bar]

    def _stage(self, stage: Stage) -> Values:
        branches = [
            {
                "label": self.show.say(branch.title),
                "stages": [self._stage(each) for each in branch.stages],
            }
            for branch in stage.branches
        ]
        return {
            "label": self.show.say(stage.title),
            "status": _STATUS.get(stage.status, "later"),
            "note": self._days(stage.working_days),
            "lacks": self._lacks(stage.lacks),
            "branches": branches,
        }

    def _days(self, days: Decimal | None) -> str:
        return self.show.say(_("{n} working days", n=days)) if days else ""

    def _lacks(self, count: int) -> str:
        return self.show.say(ngettext("{n} missing", "{n} missing", count)) if count else ""

    # -- buttons ----------------------------------------------------------------------------------------------------

    def actions(self) -> list[Values]:
        """Buttons of the title block; one of them filled."""
        moves = [self._transition(one) for one in self.offered if not one.automatic]
        acts = [self._action(action) for action in self._shown_actions()]
        made = [*self._own(), *self._recalls(), *acts, *moves]
        filled = [one for one in made if one.get("style") == "primary"]
        for other in filled[1:]:
            other["style"] = ""
        return sorted(made, key=lambda one: one.get("style") == "primary")

    def moves(self, to: str, back: str) -> list[Values]:
        """The steps that lead on, each with what is in its way.

        Args:
            to: only those to this state; empty: all.
            back: where the person is taken then.
        """
        ways = [one for one in self.offered if not one.automatic and to in ("", one.target)]
        people = self._people([blocker.who for one in ways for blocker in one.blockers])
        return [self._move(one, back, people) for one in ways]

    def _move(self, one: Offered, back: str, people: dict[int, str]) -> Values:
        action, refused = self._transition(one), False
        if action.get("post"):
            action["fields"] = [{"name": "_next", "value": back}]
        elif action.get("refused"):
            refused = True
        else:
            action["href"] = addresses.with_query(action["href"], {"next": back})
        return {
            "label": action["label"],
            "action": None if refused else action | {"style": ""},
            "target": "" if one.branch else self.show.state(self.kind, one.target)["text"],
            "why": self.show.say(one.why) if refused and one.why is not None else "",
            "rows": [self._row(blocker, people) for blocker in one.blockers] if refused else [],
        }

    def _transition(self, one: Offered) -> Values:
        label = self.show.say(one.title)
        if one.needed > 1:
            count = {"votes": one.votes, "needed": one.needed}
            label = self.show.say(_("{label} ({votes} of {needed})", label=label, **count))
        if (
            not one.allowed and Ballot.AGAINST not in one.ballots
        ):  # what is held up can be voted down
            why = self.show.say(one.why) if one.why is not None else ""
            return {
                "label": label,
                "refused": len(one.blockers) or True,
                "title": why,
                "href": f"#{_place(one)}",
            }
        style = "" if one.style == "plain" else one.style
        href = addresses.of(self.record, "transitions", one.name)
        how = one.how
        asks = how is not None and (
            how.inputs is not None
            or how.reason
            or how.approval is not None
            or self.web.kernel.views.beside(self.kind, how)
        )
        if asks or one.style == "danger":
            return {"label": label, "href": href, "style": style}
        return {"label": label, "post": href, "style": style, "once": nonce()}

    def _recalls(self) -> list[Values]:
        """What the person may take back, nobody having acted on it yet."""
        return [
            {
                "label": self.show.say(
                    _("Take back: {step}", step=self.show.say(one.how.title, one.how.plugin))
                ),
                "post": addresses.of(self.record, "transitions", one.how.name, "recall"),
                "once": nonce(),
            }
            for one in self.web.kernel.workflow.recallable(self.ctx, self.record)
        ]

    def _shown_actions(self) -> list[Action]:
        views = self.web.kernel.views
        return [
            action
            for action in views.actions_on(self.kind, on_list=False)
            if views.may_act(self.ctx, action, self.record)
        ]

    def _action(self, action: Action) -> Values:
        label = self.show.say(action.title, action.plugin)
        href = addresses.of(self.record, "actions", action.name)
        if action.inputs is not None or action.preview is not None:
            return {"label": label, "href": href}
        return {"label": label, "post": href, "once": nonce()}

    def _own(self) -> list[Values]:
        """Edit, archive, remove, why: what every record has."""
        made: list[Values] = [
            {"label": self.show.say(_("Why?")), "icon": "help", "icon_only": True,
             "style": "quiet", "href": addresses.of(self.record, "why"),
             "title": self.show.say(_("Why I may see and change this"))},
        ]  # fmt: skip
        frozen = self.web.kernel.workflow.frozen(self.ctx, self.record)
        if getattr(self.record, "__append_only__", False):
            return made
        if may_change(self.ctx, self.record, frozen=frozen):
            made += self._changes()
        if not frozen and self.ctx.may(self.kind, "delete", self.record):
            label = self.show.say(_("Remove"))
            href = addresses.of(self.record, "delete")
            made.append({"label": label, "icon": "trash", "icon_only": True, "style": "quiet",
                         "href": href, "title": label})  # fmt: skip
        return made

    def _changes(self) -> list[Values]:
        made: list[Values] = []
        if isinstance(self.record, Archivable):
            back = self.record.archived
            label = self.show.say(_("Bring back") if back else _("Archive"))
            asked = {
                "_away": str(not self.record.archived).lower(),
                "_version": self.record.version,
            }
            made.append({"label": label, "icon": "archive", "icon_only": not back, "style": "" if back else "quiet",
                         "title": label, "post": addresses.of(self.record, "archive"), "once": nonce(),
                         "fields": [{"name": name, "value": value} for name, value in asked.items()]})  # fmt: skip
        if self.web.kernel.records.writable(self.ctx, self.kind, self.record):
            href = addresses.of(self.record, "edit")
            edit = {"label": self.show.say(_("Edit")), "icon": "pencil", "href": href}
            made.append(edit | {"letter": "e"})
        return made

    # -- what stands in the way -------------------------------------------------------------------------------------

    def blocked(self) -> list[Values]:
        """What has to be mended before each step that is blocked."""
        panels = [self._blockers(one) for one in self.offered if one.blockers and not one.automatic]
        refused = [one for one in self.offered if one.why is not None and not one.blockers]
        panels += [self._refused(one) for one in refused]
        return [*self._returned(), *self._timed(), *panels]

    def _timed(self) -> list[Values]:
        """When what goes by itself is gone, where nobody goes on before."""
        made: list[Values] = []
        for one in self.offered:
            if one.at is not None:
                day = f"{self.show.local(one.at):%Y-%m-%d %H:%M}"
                title = _("“{step}” goes by itself on {day}", step=one.title, day=day)
                made.append(
                    {"kind": "notice", "tone": "", "title": self.show.say(title), "text": ""}
                )
        return made

    def _returned(self) -> list[Values]:
        """By whom, whence and why a case was returned to where it is."""
        steps = self.web.kernel.workflow.returned(self.ctx, self.record)
        return [self._returned_by(step) for step in steps]

    def _returned_by(self, step: Step) -> Values:
        whence = self.web.kernel.workflow.state_title(self.kind, step.source)
        title = _("Returned by {name} from “{stage}”", name=step.user_name, stage=whence)
        return {
            "kind": "notice",
            "tone": "warning",
            "title": self.show.say(title),
            "text": step.reason,
        }

    def _blockers(self, one: Offered) -> Values:
        people = self._people([blocker.who for blocker in one.blockers])
        text = ngettext(
            "Before “{what}” {n} thing is missing", "Before “{what}” {n} things are missing",
            len(one.blockers), what=one.title,
        )  # fmt: skip
        rows = [self._row(blocker, people) for blocker in one.blockers]
        return {"kind": "blockers", "id": _place(one), "title": self.show.say(text), "rows": rows}

    def _people(self, ids: list[int | None]) -> dict[int, str]:
        from tenor.access.records import User

        names = self.show.names((User, identity) for identity in ids if identity is not None)
        return {identity: name for (_table, identity), name in names.items()}

    def _row(self, blocker: Blocker, people: dict[int, str]) -> Values:
        row: Values = {
            "what": self.show.say(blocker.what),
            "text": self.show.say(blocker.why) if blocker.why is not None else "",
            "who": people.get(blocker.who, "") if blocker.who is not None else "",
        }
        if blocker.href and (blocker.href != _PLUGINS or self.ctx.may(manage_plugins)):
            row["action"] = {"label": self.show.say(_("Go there")), "href": blocker.href}
        return row

    def _refused(self, one: Offered) -> Values:
        assert one.why is not None  # asked for before
        title = self.show.say(_("“{what}” isn’t yours here:", what=one.title))
        return {"kind": "notice", "tone": "warning", "title": title, "text": self.show.say(one.why)}

    # -- tasks ------------------------------------------------------------------------------------------------------

    def tasks(self) -> list[Values]:
        """The open tasks on this record, with their people."""
        tasks = self.web.kernel.workflow.tasks_on(self.ctx, self.record)
        if not tasks:
            return []
        people = self._people([task.assignee_id for task in tasks])
        items = [task_item(self.web, self.ctx, self.show, task, people=people) for task in tasks]
        title = self.show.say(_("Open tasks"))
        group = {"label": title, "tasks": items}
        return [{"kind": "tasks", "title": "", "label": title, "groups": [group]}]


def _place(one: Offered) -> str:
    """Where on the page stands what is in the way of a step."""
    return f"blockers-{one.name}"
