"""The life of a version of an authority: drafted and proposed by one, approved by another, published by a third."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from tenor.base.authority_faults import faults_of
from tenor.workflow.access import draft_authority
from tenor.workflow.limit_text import read_limits, write_limits
from tenor.workflow.offered import authorities
from tenor.workflow.records import AuthorityVersion
from tenor.workflow.versions import publish_version
from tenor_sdk.access import ADMINISTRATOR, APPROVER, RISK_OFFICER, SegregationOfDuties
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import _
from tenor_sdk.views import Action
from tenor_sdk.workflow import Blocker, State, Task, Transition, Workflow, ask, counts_for, guard

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context

draft = State(
    name="draft", title="Draft", task=Task(title="Complete the authority", position=RISK_OFFICER)
)
proposed = State(
    name="proposed", title="Proposed", frozen=True,
    task=Task(title="Decide on the authority", position=APPROVER),
)  # fmt: skip
approved = State(
    name="approved", title="Approved", frozen=True,
    task=Task(title="Publish the authority", position=ADMINISTRATOR, unit="any"),
)  # fmt: skip
published = State(name="published", title="Published", final="good", frozen=True)
discarded = State(name="discarded", title="Discarded", final="bad", frozen=True, aside=True)


@guard
def version_is_sound(ctx: Context, version: AuthorityVersion) -> Iterable[Blocker]:
    """Its lines can be read, name positions that there are, and it begins on a day of its own that is to come."""
    yield from faults_of(cast("KernelContext", ctx), version)


@guard
def approver_wrote_none_of_it(ctx: Context, version: AuthorityVersion) -> Iterable[Blocker]:
    """Who entered a line doesn't approve it."""
    wrote = {version.created_by_id, version.proposed_by_id}
    for one in version.entries:
        wrote |= {one.created_by_id, one.changed_by_id}
    if counts_for(ctx) & wrote:
        yield Blocker(
            _("You wrote a part of it"), why=_("Who proposes an authority never approves it")
        )


def _propose(ctx: Context, version: AuthorityVersion, _inputs: None) -> None:
    """From now on each line stands in its one form: what is approved is what will be read."""
    authority = cast("KernelContext", ctx).kernel.workflow.authorities.named(version.authority)
    for one in version.entries:
        text = write_limits(read_limits(one.limits, authority.dimensions), authority.dimensions)
        if one.limits != text:
            one.limits = text
    version.proposed_by_id, version.approved_by_id = ctx.actor.id, None


def _approve(ctx: Context, version: AuthorityVersion, _inputs: None) -> None:
    version.approved_by_id = ctx.actor.id


def _publish(ctx: Context, version: AuthorityVersion, _inputs: None) -> None:
    publish_version(cast("KernelContext", ctx), version)


propose = Transition(
    name="propose", title="Propose", source=draft, target=proposed, guards=(version_is_sound,),
    do=_propose, style="primary",
)  # fmt: skip
approve = Transition(
    name="approve", title="Approve", source=proposed, target=approved,
    guards=(version_is_sound, approver_wrote_none_of_it), do=_approve, style="primary",
)  # fmt: skip
send_back = Transition(
    name="send-back", title="Send back", source=(proposed, approved), target=draft, reason=True
)
publish = Transition(
    name="publish", title="Publish", source=approved, target=published,
    guards=(version_is_sound,), do=_publish, style="primary",
)  # fmt: skip
discard = Transition(
    name="discard", title="Discard", source=draft, target=discarded, reason=True, style="danger"
)
authority_flow = Workflow(
    AuthorityVersion.state,
    states=(draft, proposed, approved, published, discarded),
    transitions=(propose, approve, send_back, publish, discard),
    title="Authority",
)

_NO_APPROVER = "Who proposes an authority never approves it"
_NO_PUBLISHER = "Who proposes an authority never publishes it"
segregation = (
    SegregationOfDuties(title=_NO_APPROVER, steps=(propose, approve)),
    SegregationOfDuties(title=_NO_APPROVER, steps=("create", approve)),
    SegregationOfDuties(title=_NO_PUBLISHER, steps=(propose, publish)),
    SegregationOfDuties(title=_NO_PUBLISHER, steps=("create", publish)),
    SegregationOfDuties(
        title="Who approves an authority never publishes it", steps=(approve, publish)
    ),
)


@dataclass(frozen=True)
class Drafted:
    """From when on, and of which authority."""

    effective_from: date = ask("In force from")
    purpose: str = ask("Why", widget="long-text", default="", max_length=5000)
    authority: str = ask(
        "Authority", default="", max_length=200, offered=authorities,
        help="It may stay empty where there is only one",
    )  # fmt: skip


def draft_version(ctx: Context, _record: None, drafted: Drafted) -> str:
    """A draft that begins with the lines that are in force; where it is.

    Raises:
        Invalid: at ``authority``: ``no-authority``; at ``effective_from``: ``effective-in-the-past``.
    """
    kernel_ctx = cast("KernelContext", ctx)
    asked = kernel_ctx.kernel.workflow.authorities
    try:
        authority = asked.named(drafted.authority.strip())
    except NotFound as error:
        raise Invalid("invalid", {"authority": error}) from None
    in_force = asked.in_force(kernel_ctx, authority)
    lines = in_force.lines if in_force else ()
    version = asked.draft(kernel_ctx, authority, lines, drafted.effective_from, drafted.purpose)
    return f"/base/authority-version/{version.id}"


draft_action = Action(
    name="draft",
    title="Draft a version",
    on=AuthorityVersion,
    do=draft_version,
    inputs=Drafted,
    needs=draft_authority,
    on_list=True,
)
