from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from tenor_assays.records import Assay
from tenor_sdk import (
    Approval,
    Blocker,
    Branch,
    Context,
    State,
    Task,
    Transition,
    Workflow,
    _,
    guard,
)
from tenor_sdk.access import APPROVER, LEGAL, RISK_OFFICER
from tenor_sdk.approvals import ApprovalStep, Committee

MEMBERS = ("committee-member", "committee-chair")


def shown(_ctx: Context, assay: Assay) -> Mapping[str, str]:
    return {"subject": assay.subject}


def council_of(refusal: Transition, **more: Any) -> Approval:
    """Two thirds of the members, three of whom vote, unless it is said otherwise."""
    rule = {"members": MEMBERS, "quorum": 3, "share": Fraction(2, 3), "refusal": refusal}
    return Approval(shown=shown, committee=Committee(**{**rule, **more}))


@guard
def is_clear(_ctx: Context, assay: Assay) -> Iterable[Blocker]:
    """What is unclear isn't settled."""
    if assay.note == "unclear":
        yield Blocker(_("Unclear"))


def named_on(_ctx: Context, assay: Assay) -> Sequence[int]:
    """Those whose ids stand in its note."""
    return [int(each) for each in assay.note.split()]


draft = State(name="draft", title="Draft", task=Task(title="Complete", to_owner=True))

# -- a state with branches: a committee, steps one after the other, a way back, and one that is simple ----------------
voting = State(name="voting", title="Voting", task=Task(title="Vote", position=APPROVER))
agreed = State(name="agreed", title="Agreed", final="good")
rejected = State(name="rejected", title="Rejected", final="bad")
reject = Transition(name="reject", title="Reject", source=voting, target=rejected)
agree = Transition(
    name="agree",
    title="Agree",
    source=voting,
    target=agreed,
    approval=council_of(reject, closes_after=3),
)
expire = Transition(name="expire", title="Expire", source=voting, target=rejected, after=10)
council = Branch(
    name="council",
    title="Council",
    states=(voting, agreed, rejected),
    transitions=(agree, reject, expire),
)

stepping = State(name="stepping", title="Stepping", task=Task(title="Step", position=RISK_OFFICER))
stepped = State(name="stepped", title="Stepped", final="good")
step_on = Transition(
    name="step-on",
    title="Step on",
    source=stepping,
    target=stepped,
    approval=Approval(
        shown=shown,
        steps=(ApprovalStep(members=(RISK_OFFICER,)), ApprovalStep(members=(APPROVER,))),
    ),
)
chain = Branch(name="chain", title="Chain", states=(stepping, stepped), transitions=(step_on,))

sorting = State(
    name="sorting", title="Sorting", task=Task(title="Sort", position=LEGAL, unit="any")
)
checking = State(
    name="checking", title="Checking", task=Task(title="Check", position=RISK_OFFICER, unit="any")
)
kept = State(name="kept", title="Kept", final="good")
sort = Transition(name="sort", title="Sort", source=sorting, target=checking, automatic=True)
back = Transition(name="back", title="Back", source=checking, target=sorting, returns="again")
keep = Transition(name="keep", title="Keep", source=checking, target=kept)
bounce = Branch(
    name="bounce",
    title="Bounce",
    states=(sorting, checking, kept),
    transitions=(sort, back, keep),
)

easy = State(name="easy", title="Easy", task=Task(title="Ease", position=RISK_OFFICER))
eased = State(name="eased", title="Eased", final="good")
ease = Transition(name="ease", title="Ease", source=easy, target=eased)
simple = Branch(name="simple", title="Simple", states=(easy, eased), transitions=(ease,))
prep = State(name="prep", title="Preparation", branches=(council, chain, bounce, simple))

# -- one branch, joined by hand or by itself --------------------------------------------------------------------------
lone = State(name="lone", title="Lone", task=Task(title="Go on", position=RISK_OFFICER))
loned = State(name="loned", title="Gone on", final="good")
lone_on = Transition(name="lone-on", title="Go on", source=lone, target=loned, recall=True)
solo = Branch(name="solo", title="Solo", states=(lone, loned), transitions=(lone_on,))
light = State(name="light", title="Light", branches=(solo,))
duo = State(name="duo", title="Duo", task=Task(title="Go on", position=RISK_OFFICER))
duod = State(name="duod", title="Gone on", final="good")
duo_on = Transition(name="duo-on", title="Go on", source=duo, target=duod, recall=True)
pair = Branch(name="pair", title="Pair", states=(duo, duod), transitions=(duo_on,))
light_too = State(name="light-too", title="Light too", branches=(pair,))

# -- the way itself ---------------------------------------------------------------------------------------------------
panel = State(name="panel", title="Panel", task=Task(title="Resolve", position=LEGAL, unit="any"))
ready = State(name="ready", title="Ready", task=Task(title="Decide", position=APPROVER))
settled = State(name="settled", title="Settled", final="good")
gone = State(name="gone", title="Gone", final="bad")
start = Transition(name="start", title="Start", source=draft, target=prep, recall=True)
joined = Transition(
    name="joined", title="Joined", source=prep, target=ready, joins="all", automatic=True
)
start_light = Transition(
    name="start-light", title="Start lightly", source=draft, target=light, recall=True
)
join_light = Transition(
    name="join-light", title="Join", source=light, target=ready, joins="all", recall=True
)
start_duo = Transition(name="start-duo", title="Start too", source=draft, target=light_too)
join_duo = Transition(
    name="join-duo",
    title="Joined too",
    source=light_too,
    target=ready,
    joins="all",
    automatic=True,
)
present = Transition(name="present", title="Present", source=draft, target=ready, recall=True)
shelve = Transition(name="shelve", title="Shelve", source=draft, target=gone, recall=True)
convene = Transition(name="convene", title="Convene", source=draft, target=panel)
dissolve = Transition(name="dissolve", title="Dissolve", source=panel, target=gone)
resolve = Transition(
    name="resolve",
    title="Resolve",
    source=panel,
    target=settled,
    approval=council_of(dissolve, members=named_on, quorum=2),
)
turn_down = Transition(name="turn-down", title="Turn down", source=ready, target=gone)
refer_back = Transition(
    name="refer-back", title="Refer back", source=ready, target=draft, returns="straight"
)
again = Transition(name="again", title="Assay again", source=ready, target=draft, returns="again")
ask_back = Transition(
    name="ask-back", title="Ask back", source=(ready, light), target=draft, returns="straight"
)
settle = Transition(
    name="settle",
    title="Settle",
    source=ready,
    target=settled,
    guards=(is_clear,),
    approval=council_of(turn_down, closes_after=3, complete=True),
)
settle_plain = Transition(
    name="settle-plain",
    title="Settle plainly",
    source=ready,
    target=settled,
    guards=(is_clear,),
    approval=council_of(turn_down),
)
settle_back = Transition(
    name="settle-back",
    title="Settle or refer back",
    source=ready,
    target=settled,
    approval=council_of(refer_back, closes_after=3),
)
assay_flow = Workflow(
    Assay.state,
    states=(draft, prep, light, light_too, panel, ready, settled, gone),
    transitions=(
        start, joined, start_light, join_light, start_duo, join_duo, present, shelve, convene, dissolve, resolve,
        turn_down, refer_back, again, ask_back, settle, settle_plain, settle_back,
    ),
)  # fmt: skip
