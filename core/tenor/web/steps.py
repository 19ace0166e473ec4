"""What an entry of the ledger did, in the words of the step or the action that it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenor_sdk.approvals import Ballot
from tenor_sdk.i18n import _

if TYPE_CHECKING:
    from tenor.audit.audit import Entry
    from tenor.kernel import Kernel
    from tenor.web.show import Show
    from tenor_sdk.records import Record
    from tenor_sdk.views import Action

ACTIONS = ("action", "action-refused")
#: kinds of entries about votes: their step says all of it
VOTES = ("vote", "committee-decided")
_SAID = {
    Ballot.FOR: _("voted for: {step}"),
    Ballot.AGAINST: _("voted against: {step}"),
    Ballot.ABSTAIN: _("abstained: {step}"),
    Ballot.VETO: _("vetoed: {step}"),
    Ballot.RECUSE: _("recused themselves: {step}"),
}


def step_of(kernel: Kernel, show: Show, kind: type[Record] | None, entry: Entry) -> str:
    """Of a step or an action its name, of a vote for which step it is; empty where it is about neither."""
    if kind is None:
        return ""
    action = action_of(kernel, kind, entry)
    if action is not None:
        name = show.say(action.title, action.plugin)
        return show.say(_("tried: {step}", step=name)) if entry.kind == "action-refused" else name
    how = kernel.workflow.named(kind, str(new(entry, "transition") or ""))
    if how is None:
        return ""
    step = show.say(how.title, how.plugin)
    if new(entry, "step") == "recall":
        return show.say(_("took back: {step}", step=step))
    if new(entry, "step") == "time-out":
        return show.say(_("time is over: {step}", step=step))
    if entry.kind == "committee-decided":
        return show.say(_("the committee has decided: {step}", step=step))
    if entry.kind != "vote":
        return step
    ballot = str(new(entry, "ballot") or "")
    said = _SAID[Ballot(ballot)] if ballot in set(Ballot) else _("decided: {step}")
    return show.say(replace(said, values={"step": step}))


def action_of(kernel: Kernel, kind: type[Record], entry: Entry) -> Action | None:
    """The action that an entry is about, where its plugin still has it."""
    if entry.kind not in ACTIONS:
        return None
    return kernel.views.named(kind, str(new(entry, "name")), str(new(entry, "plugin")))


def new(entry: Entry, name: str) -> Any:
    """What an entry says of a name that isn't a field."""
    return entry.changes.get(name, (None, None))[1]
