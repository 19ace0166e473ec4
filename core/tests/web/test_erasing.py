"""Erasing values that mustn't be kept: two people, a reason, a legal basis; and no hold on the record."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from core.tests.workflow.standing_in import give
from tenor.access.records import User
from tenor.audit.records import Erasure, LegalHold
from tenor.base.erasing import approve, hold, propose, refuse, release
from tenor.kernel import Kernel
from tenor.testing.institution import as_actor
from tenor_sdk.errors import Conflict, Forbidden, Invalid, NotFound, Refused, TenorError
from tenor_sdk.testing import make_user
from tenor_test_support.ledger import seal

MAKER, CHECKER = "xu.min", "shao.ning"


def number_of(institution: Kernel, login: str) -> int:
    with as_actor(institution, login, write=False) as ctx:
        return ctx.actor.id


def proposed(institution: Kernel, fields: str = "email", who: str = MAKER, **given: Any) -> int:
    of = number_of(institution, "lin.xiaowen")
    with as_actor(institution, who) as ctx:
        told = {"reason": "she asked for it", "basis": "PIPL 47", **given}
        return propose(ctx, "base_user", of, fields.split(), **told)


def decided(institution: Kernel, erasure: int, who: str = CHECKER, act: Any = approve) -> None:
    with as_actor(institution, who) as ctx:
        act(ctx, ctx.session.get_one(Erasure, erasure))


def email(institution: Kernel) -> str | None:
    with as_actor(institution, "song.qing", write=False) as ctx:
        return ctx.session.scalars(select(User.email).where(User.login == "lin.xiaowen")).one()


@pytest.mark.both_databases
def test_what_two_decide_is_gone_from_the_record_and_from_the_ledger(institution: Kernel) -> None:
    assert email(institution)
    decided(institution, proposed(institution))
    assert not email(institution)
    with (
        as_actor(institution, "system", write=False) as ctx,
        institution.db.raw() as connection,
    ):
        assert institution.audit.erase(ctx, connection) == 1
    seal(institution)
    verdict = institution.audit.verify()
    assert (verdict.findings, verdict.erased) == ((), 1)
    of = number_of(institution, "lin.xiaowen")
    with as_actor(institution, "song.qing", write=False) as ctx:
        entries = institution.audit.search(ctx, table="base_user", record_id=of)
    assert {"values-cleared", "values-erased"} <= {entry.kind for entry in entries}
    assert not any("haiyue.example" in str(entry.changes) for entry in entries)


def test_nobody_decides_what_they_proposed_themselves(
    institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = proposed(institution)
    with as_actor(institution, MAKER) as ctx, pytest.raises(Forbidden):
        approve(ctx, ctx.session.get_one(Erasure, erasure))
    with as_actor(institution, CHECKER) as ctx, institution.db.system(ctx.session) as session:
        session.get_one(Erasure, erasure).proposed_by_id = ctx.actor.id
    with pytest.raises(Refused) as refused:
        decided(institution, erasure)
    assert refused.value.key == "own-proposal"
    assert email(institution)


@pytest.fixture
def both(institution: Kernel) -> str:
    """Who may propose and decide, and gave both to ``deputy``."""
    make_user(institution, "principal", positions=[("legal", "HQ"), ("compliance", "HQ")])
    make_user(institution, "deputy")
    give(institution, "principal", "deputy")
    return "principal"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("proposer", "decider"), [("principal", "deputy"), ("deputy", "principal")]
)
def test_nobody_decides_what_was_proposed_in_their_place_or_by_whom_they_stand_in_for(
    institution: Kernel, both: str, proposer: str, decider: str
) -> None:
    erasure = proposed(institution, who=proposer)
    for act in (approve, refuse):
        with pytest.raises(Refused) as refused:
            decided(institution, erasure, who=decider, act=act)
        assert refused.value.key == "own-proposal"
    assert email(institution)
    decided(institution, erasure)
    assert not email(institution)


def test_what_was_decided_is_not_decided_again(institution: Kernel) -> None:
    erasure = proposed(institution)
    decided(institution, erasure, act=refuse)
    assert email(institution)
    with pytest.raises(Conflict):
        decided(institution, erasure)


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"fields": "nosuch"}, Invalid),
        ({"fields": "unit_id"}, Invalid),
        ({"fields": "login"}, Invalid),
        ({"fields": "version"}, Invalid),
        ({"reason": " "}, Invalid),
        ({"basis": ""}, Invalid),
        ({"fields": ""}, Invalid),
        ({"who": "lin.xiaowen"}, Forbidden),
    ],
)
def test_what_cannot_be_erased_is_refused(
    institution: Kernel, given: dict[str, Any], error: type[TenorError]
) -> None:
    with pytest.raises(error):
        proposed(institution, **given)


def test_a_record_that_the_proposer_cannot_see_is_not_found(institution: Kernel, box: Any) -> None:
    made = box()
    with as_actor(institution, MAKER) as ctx, pytest.raises(NotFound):
        propose(ctx, "vault_box", made, ["name"], reason="x", basis="y")
    with as_actor(institution, MAKER) as ctx, pytest.raises(NotFound):
        propose(ctx, "base_ledger_entry", 1, ["reason"], reason="x", basis="y")


def test_what_proves_an_erasure_is_not_erased_itself(institution: Kernel) -> None:
    erasure = proposed(institution)
    with as_actor(institution, MAKER) as ctx, pytest.raises(Refused) as refused:
        propose(ctx, "base_erasure", erasure, ["reason"], reason="x", basis="y")
    assert refused.value.key == "decision-is-kept"
    with as_actor(institution, MAKER) as ctx, pytest.raises(Refused) as refused:
        hold(ctx, "base_legal_hold", 1, "x")
    assert refused.value.key == "decision-is-kept"


def test_what_is_held_for_the_law_is_not_erased(institution: Kernel) -> None:
    of = number_of(institution, "lin.xiaowen")
    erasure = proposed(institution)
    with as_actor(institution, MAKER) as ctx:
        held = hold(ctx, "base_user", of, "a dispute")
    with pytest.raises(Refused) as refused:
        decided(institution, erasure)
    assert refused.value.key == "held-for-law"
    assert email(institution)
    with as_actor(institution, MAKER) as ctx:
        release(ctx, ctx.session.get_one(LegalHold, held))
    decided(institution, erasure)
    assert not email(institution)


def test_erasures_and_holds_have_their_pages(person: Any, institution: Kernel) -> None:
    erasure = proposed(institution)
    shao = person(CHECKER)
    assert "she asked for it" in shao.get("/base/erasure")
    shao.press(f"/base/erasure/{erasure}", f"/base/erasure/{erasure}/actions/approve")
    assert not email(institution)
    xu = person(MAKER)
    assert "/base/legal-hold" in xu.get("/base/legal-hold")
