"""The life of a version of a committee's rule: drafted and proposed by one, published by another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from tenor.access.offered import known_positions, position_text
from tenor.workflow.access import draft_committee_rule
from tenor.workflow.committee_rules import Declared, rule_of
from tenor.workflow.offered import committees
from tenor.workflow.records import CommitteeVersion
from tenor.workflow.shares import write_quorum, write_share
from tenor.workflow.versions import PUBLISHED, faults_of_day, publish_version
from tenor_sdk.access import ADMINISTRATOR, SegregationOfDuties
from tenor_sdk.errors import Invalid, NotFound
from tenor_sdk.i18n import Text, _
from tenor_sdk.views import Action
from tenor_sdk.workflow import Blocker, State, Task, Transition, Workflow, ask, guard

if TYPE_CHECKING:
    from tenor.context import KernelContext
    from tenor_sdk.context import Context

draft = State(
    name="draft", title="Draft", task=Task(title="Complete the committee rule", to_owner=True)
)
proposed = State(
    name="proposed", title="Proposed", frozen=True,
    task=Task(title="Publish the committee rule", position=ADMINISTRATOR, unit="any"),
)  # fmt: skip
published = State(name=PUBLISHED, title="Published", final="good", frozen=True)
discarded = State(name="discarded", title="Discarded", final="bad", frozen=True, aside=True)


@guard
def committee_rule_is_sound(ctx: Context, version: CommitteeVersion) -> Iterable[Blocker]:
    """Enough members to reach its quorum, a member for its veto, and a day of its own that is to come."""
    kernel_ctx = cast("KernelContext", ctx)
    try:
        declared = kernel_ctx.kernel.workflow.committee_rules.named(version.committee)
    except NotFound:
        what = _("No plugin that is on has the committee {key}", key=version.committee)
        yield Blocker(what, href="/plugins")
        return
    href = f"/base/committee-version/{version.id}/edit"
    for fault in (*_of_seats(kernel_ctx, declared, version), *_of_day(kernel_ctx, version)):
        yield Blocker(fault, href=href)


def _of_seats(ctx: KernelContext, declared: Declared, version: CommitteeVersion) -> Iterator[Text]:
    """What of the rule doesn't fit those who have a seat today. Whom a plugin names by person differs by case: there
    only the position of the veto is known."""
    rule, positions = rule_of(version), declared.committee.members
    holders = ctx.kernel.workflow.approvals.committees.holders
    known = not rule.veto or rule.veto in known_positions(ctx)
    if not known:
        yield _("There is no position {position}", position=rule.veto)
    if callable(positions):
        return
    members = holders(ctx, positions)
    if isinstance(rule.quorum, int) and rule.quorum > len(members):
        yield _("A quorum of {quorum} is never reached: the committee has {n} members",
                quorum=rule.quorum, n=len(members))  # fmt: skip
    if rule.veto and known and not members & holders(ctx, (rule.veto,)):
        yield _("No member of the committee has the position {position}, which would have the veto",
                position=position_text(rule.veto))  # fmt: skip


def _of_day(ctx: KernelContext, version: CommitteeVersion) -> Iterator[Text]:
    """What came before a committee goes by the rule of that day, which therefore nobody changes afterwards."""
    if version.effective_from <= ctx.today:
        yield _("It would begin on {day}: a committee’s rule begins tomorrow at the earliest",
                day=version.effective_from)  # fmt: skip
    else:
        yield from faults_of_day(ctx, version)


def _propose(ctx: Context, version: CommitteeVersion, _inputs: None) -> None:
    """From now on its figures stand in their one form."""
    rule = rule_of(version)
    version.quorum, version.share = write_quorum(rule.quorum), write_share(rule.share)
    version.proposed_by_id = ctx.actor.id


def _publish(ctx: Context, version: CommitteeVersion, _inputs: None) -> None:
    publish_version(cast("KernelContext", ctx), version)


propose = Transition(
    name="propose", title="Propose", source=draft, target=proposed,
    guards=(committee_rule_is_sound,), do=_propose, style="primary",
)  # fmt: skip
send_back = Transition(
    name="send-back", title="Send back", source=proposed, target=draft, reason=True
)
publish = Transition(
    name="publish", title="Publish", source=proposed, target=published,
    guards=(committee_rule_is_sound,), do=_publish, style="primary",
)  # fmt: skip
discard = Transition(
    name="discard", title="Discard", source=draft, target=discarded, reason=True, style="danger"
)
committee_rule_flow = Workflow(
    CommitteeVersion.state,
    states=(draft, proposed, published, discarded),
    transitions=(propose, send_back, publish, discard),
    title="Committee rule",
)
_NO_PUBLISHER = "Who proposes a committee’s rule never publishes it"
#: a draft is changed by whoever drafted it alone, so that nobody else has a part in it
segregation = (
    SegregationOfDuties(title=_NO_PUBLISHER, steps=(propose, publish)),
    SegregationOfDuties(title=_NO_PUBLISHER, steps=("create", publish)),
)


@dataclass(frozen=True)
class DraftedRule:
    """From when on, and of which committee."""

    committee: str = ask("Committee", max_length=300, offered=committees)
    effective_from: date = ask("In force from")
    purpose: str = ask("Why", widget="long-text", default="", max_length=5000)


def draft_rule(ctx: Context, _record: None, drafted: DraftedRule) -> str:
    """A draft that begins with the rule that counts on its day; where it is.

    Raises:
        Forbidden: ``not-permitted``.
        Invalid: at ``committee``: ``no-committee-there``; at ``effective_from``: ``effective-not-to-come``.
    """
    kernel_ctx = cast("KernelContext", ctx)
    access = kernel_ctx.kernel.access
    access.check_use(kernel_ctx, draft_committee_rule)
    if drafted.effective_from <= ctx.today:
        raise Invalid("invalid", {"effective_from": Invalid("effective-not-to-come")})
    try:
        rule = kernel_ctx.kernel.workflow.committee_rules.on(
            kernel_ctx, drafted.committee, drafted.effective_from
        )
    except NotFound as error:
        raise Invalid("invalid", {"committee": error}) from None
    version = CommitteeVersion(
        committee=drafted.committee,
        effective_from=drafted.effective_from,
        purpose=drafted.purpose,
        **rule.values(),
    )
    with access.procedure(kernel_ctx, "base", "draft"):
        ctx.session.add(version)
    return f"/base/committee-version/{version.id}"


draft_action = Action(
    name="draft", title="Draft a version", on=CommitteeVersion, do=draft_rule, inputs=DraftedRule,
    needs=draft_committee_rule, on_list=True,
)  # fmt: skip
