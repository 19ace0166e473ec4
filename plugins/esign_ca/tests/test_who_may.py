"""Who sends, who takes the borrower's will, who seals: never one for both, and nobody else."""

from typing import Any

import pytest
from sqlalchemy import select

from plugins.documents.tests.cases import MANAGER
from plugins.esign_ca.tests.cases import SEALER, SigningCast
from tenor.access.records import User, UserPosition
from tenor_documents.public import generate_contract
from tenor_esign_ca.confirming import Code, confirm_borrower, mail_code
from tenor_esign_ca.public import Signing
from tenor_origination.public import Application
from tenor_sdk import Forbidden, Refused
from tenor_sdk.testing import make_user

BOTH = "wei.ming"


@pytest.fixture
def signing(cast: SigningCast) -> int:
    return cast.sent()


def sender_of(cast: SigningCast, signing: int) -> str:
    contract = cast.contract(cast.signing(signing).contract_id)
    return cast.legal(contract.application_id)


def seen_by(cast: SigningCast, login: str) -> list[int]:
    return cast.read(select(Signing.id), login)


@pytest.mark.both_databases
def test_a_relationship_manager_of_another_branch_does_not_find_it(
    cast: SigningCast, signing: int
) -> None:
    assert seen_by(cast, MANAGER) == [signing]
    assert seen_by(cast, "shen.bai") == []
    with cast.act("shen.bai") as ctx:
        assert ctx.session.get(Signing, signing) is None


def test_whoever_has_no_task_on_the_case_does_not_find_it(cast: SigningCast, signing: int) -> None:
    others = {"xu.min", "han.xue"} - {sender_of(cast, signing)}
    for login in (*others, SEALER, "luo.qiang"):
        assert seen_by(cast, login) == [], login


@pytest.mark.parametrize("login", ["song.qing", "zhou.qiming", "fang.zheng"])
def test_readers_read_and_do_nothing(cast: SigningCast, signing: int, login: str) -> None:
    cast.mail_code(signing)
    assert seen_by(cast, login) == [signing]
    with cast.act(login) as ctx, pytest.raises(Forbidden):
        mail_code(ctx, ctx.session.get(Signing, signing))
    with cast.act(login) as ctx, pytest.raises(Forbidden):
        confirm_borrower(ctx, ctx.session.get(Signing, signing), Code("123456"))
    for name, reason in (("call-back", "不应允许"), ("seal", "")):
        with pytest.raises(Forbidden):
            cast.go(signing, name, login, reason=reason)


def test_whoever_sent_it_neither_takes_the_code_nor_seals(cast: SigningCast, signing: int) -> None:
    sender = sender_of(cast, signing)
    with cast.act(sender) as ctx, pytest.raises(Forbidden):
        mail_code(ctx, ctx.session.get(Signing, signing))
    cast.borrower_signs(signing)
    for login in (sender, MANAGER):
        with pytest.raises(Forbidden):
            cast.go(signing, "seal", login)
    assert cast.signing(signing).state == "with-bank"


@pytest.mark.both_databases
def test_whoever_holds_both_posts_does_not_seal_what_they_sent(
    cast: SigningCast, institution: Any
) -> None:
    both = make_user(institution, BOTH, positions=[("legal", "HQ"), ("operations", "HQ")])
    application = cast.approved()
    legal = cast.legal(application)
    if legal != BOTH:
        _hand_over(cast, legal, Application, application, both)
    contract = _issued_by(cast, application)
    signing = cast.send(contract, login=BOTH)
    cast.jobs()
    cast.borrower_signs(signing)
    with pytest.raises(Refused) as refusal:
        _hand_over(cast, SEALER, Signing, signing, both)
    assert refusal.value.key == "cannot-take-task"
    with pytest.raises(Forbidden):
        cast.seal(signing, BOTH)
    cast.seal(signing)
    cast.jobs()
    assert cast.signing(signing).state == "completed"


def test_whoever_took_the_borrowers_will_does_not_seal(cast: SigningCast, signing: int) -> None:
    with cast.act("ding.ning") as ctx:
        me = ctx.session.scalars(select(User).where(User.login == MANAGER)).one()
        identity = me.id
        ctx.session.add(UserPosition(user_id=identity, position="operations", unit_id=me.unit_id))
    cast.borrower_signs(signing)
    with pytest.raises(Refused) as refusal:
        _hand_over(cast, SEALER, Signing, signing, identity)
    assert refusal.value.key == "cannot-take-task"
    with pytest.raises(Forbidden):
        cast.seal(signing, MANAGER)


def test_operations_see_it_when_the_turn_comes_to_the_lender(
    cast: SigningCast, signing: int
) -> None:
    assert seen_by(cast, SEALER) == []
    cast.borrower_signs(signing)
    assert seen_by(cast, SEALER) == [signing]
    assert "新任务：为合同加盖贷款人印章" in cast.notices(SEALER)


def _hand_over(cast: SigningCast, login: str, kind: Any, identity: int, to: int) -> None:
    with cast.act(login) as ctx:
        workflow = cast.kernel.workflow
        task = workflow.task_of(ctx, ctx.session.get(kind, identity))
        workflow.hand_over(ctx, task.id, to, reason="代班")


def _issued_by(cast: SigningCast, application: int) -> int:
    with cast.act(BOTH) as ctx:
        made = int(generate_contract(ctx, ctx.session.get(Application, application)).id)
    cast.press(made, "issue", login=BOTH)
    return made
