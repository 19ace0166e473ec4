"""From the approval to a contract that can be signed."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from plugins.documents.tests.cases import MANAGER, PDF, Cast
from tenor_customers.public import Customer
from tenor_documents.generating import Particulars, months_later
from tenor_documents.public import (
    Contract,
    ContractTemplate,
    DocumentsSettings,
    contract_template,
    generate_contract,
)
from tenor_origination.public import Application
from tenor_sdk import Amount, Blocked, Forbidden, Invalid, NotFound, Refused
from tenor_sdk.files import Upload, read_file
from tenor_sdk.settings import change_setting

pytestmark = pytest.mark.both_databases


@pytest.fixture
def cast(institution: Any) -> Cast:
    return Cast(institution)


def pdf_of(cast: Cast, contract_id: int, login: str = "song.qing") -> bytes:
    with cast.act(login) as ctx:
        contract = ctx.session.get(Contract, contract_id)
        return read_file(ctx, contract.file_id)[1]


def test_an_approval_leads_to_the_contract_and_gives_the_legal_department_a_task(
    cast: Cast,
) -> None:
    found = cast.approved()
    assert cast.state(found) == "contract"
    with cast.act(cast.legal(found)) as ctx:
        (task,) = [one for one in cast.institution.workflow.tasks(ctx) if one.record_id == found]  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol
        assert "Prepare the contract" in str(task.title)


def test_a_contract_says_in_chinese_what_was_approved(cast: Cast, text_of: Any) -> None:
    found = cast.approved("8000000", conditions="资本金到位证明。\n受托支付合同")
    made = cast.draft(found, Particulars(security="泽远控股提供连带责任保证。"))
    text = text_of(pdf_of(cast, made))
    contract = cast.contract(made)
    for expected in (
        "流动资金借款合同",
        f"合同编号：{contract.number}",
        "审批编号：APP-2026-000001",
        "人民币捌佰万元整（小写：¥8,000,000.00）",
        "泽远精密制造1号股份有限公司",
        "海岳商业银行股份有限公司云州分行",
        "购买数控机床",
        "4.35%",
        "36个月，自2026年6月30日起至2029年6月30日止",
        "（1）资本金到位证明；",
        "（2）受托支付合同；",
        "泽远控股提供连带责任保证。担保合同另行签订",
    ):
        assert expected in text, expected


def test_a_contract_keeps_the_terms_that_it_was_generated_from(cast: Cast) -> None:
    contract = cast.contract(cast.draft(cast.approved("8000000")))
    assert contract.number == "CT-2026-000001"
    assert (contract.amount, contract.currency, contract.months) == (
        Amount.of("8000000"), "CNY", 36,
    )  # fmt: skip
    assert (contract.rate.text(), contract.repayment.value) == ("0.0435", "level-payment")
    assert contract.terms["conditions"] == ["资本金到位证明。"]
    assert len(contract.terms_hash) == len(contract.data_hash) == len(contract.sha256) == 64
    assert [place["name"] for place in contract.places] == ["borrower", "lender"]


def test_the_bundled_template_is_kept_once_as_its_first_edition(cast: Cast) -> None:
    cast.draft(cast.approved())
    cast.draft(cast.approved())
    (template,) = cast.read(select(ContractTemplate))
    assert (template.edition, template.sha256) == (1, contract_template().version)
    assert template.source == contract_template().source


def test_a_second_draft_makes_the_first_one_void(cast: Cast) -> None:
    found = cast.approved()
    first, second = cast.draft(found), cast.draft(found)
    assert [cast.contract(one).state for one in (first, second)] == ["void", "draft"]


def test_while_a_contract_is_out_no_other_one_is_generated(cast: Cast) -> None:
    found = cast.approved()
    cast.issued(found)
    with pytest.raises(Refused) as refused:
        cast.draft(found)
    assert refused.value.key == "contract-is-out"


def test_only_the_legal_department_generates_contracts(cast: Cast) -> None:
    found = cast.approved()
    for login in (MANAGER, "qin.feng"):
        with cast.act(login) as ctx, pytest.raises(Forbidden):
            generate_contract(ctx, ctx.session.get(Application, found))


def test_without_an_approval_there_is_no_contract(cast: Cast) -> None:
    found = cast.approved()
    legal = cast.legal(found)
    cast.move(found, "return-to-approval", reason="利率有误")
    with cast.act(legal) as ctx, pytest.raises(Refused) as refused:
        generate_contract(ctx, ctx.session.get(Application, found))
    assert refused.value.key == "no-contract-now"


def test_an_institution_that_has_no_name_yet_makes_no_contract(cast: Cast) -> None:
    found = cast.approved()
    with cast.act("ding.ning") as ctx:
        change_setting(ctx, DocumentsSettings, "lender_name", "")
    with pytest.raises(Refused) as refused:
        cast.draft(found)
    assert refused.value.key == "lender-not-set"


def test_a_contract_that_cannot_be_written_leaves_no_record(cast: Cast) -> None:
    found = cast.approved()
    with pytest.raises(Invalid) as refused:
        cast.draft(found, Particulars(security="\u202e"))
    assert refused.value.key == "glyph-missing"
    assert cast.read(select(func.count(Contract.id))) == [0]


# -- issuing: what was approved is what is signed ---------------------------------------------------------------------


def keys_of(blocked: Blocked) -> list[str]:
    errors = [blocker.what.values.get("error") for blocker in blocked.blockers]
    return [getattr(error, "key", "") for error in errors]


def test_a_contract_of_other_terms_than_those_approved_is_not_issued(cast: Cast) -> None:
    found = cast.approved("8000000")
    made = cast.draft(found)
    approve_again(cast, found, "7000000")
    with pytest.raises(Blocked) as blocked:
        cast.press(made, "issue")
    assert keys_of(blocked.value) == ["contract-differs"]
    (blocker,) = blocked.value.blockers
    assert str(blocker.what.values["error"].values["field"]) == "Amount"  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol
    assert blocker.why.values == {
        "kept": Amount.of("8000000"),
        "approved": Amount.of("7000000"),
    }


def approve_again(cast: Cast, application_id: int, amount: str) -> None:
    """Back to the relationship manager and through the departments with another amount."""
    cast.move(application_id, "return-to-approval", reason="金额有误")
    cast.move(application_id, "return-to-risk", login="qin.feng", reason="金额有误")
    cast.move(application_id, "send-back", login="zhou.qiming", reason="金额有误")
    with cast.act(MANAGER) as ctx:
        ctx.session.get(Application, application_id).amount = Amount.of(amount)
    cast.decided(application_id)
    assert cast.state(application_id) == "contract"


def test_a_contract_with_a_borrower_of_another_name_is_not_issued(cast: Cast) -> None:
    made = cast.draft(cast.approved())
    with cast.act(MANAGER) as ctx:
        ctx.session.get(Customer, cast.contract(made).customer_id).name = "泽远智能制造有限公司"
    with pytest.raises(Blocked) as blocked:
        cast.press(made, "issue")
    assert keys_of(blocked.value) == ["contract-differs"]


def test_while_those_who_decide_have_the_case_no_contract_is_issued(cast: Cast) -> None:
    found = cast.approved()
    made = cast.draft(found)
    cast.move(found, "return-to-approval", reason="利率有误")
    with pytest.raises(Blocked):
        cast.press(made, "issue")


def test_while_a_contract_is_out_the_case_does_not_go_back(cast: Cast) -> None:
    found = cast.approved()
    made = cast.issued(found)
    with pytest.raises(Blocked):
        cast.move(found, "return-to-approval", reason="利率有误")
    cast.press(made, "void", reason="条件变更")
    assert cast.move(found, "return-to-approval", reason="利率有误")


# -- signed on paper --------------------------------------------------------------------------------------------------


def test_a_signed_copy_is_kept_and_lets_the_application_go_on(cast: Cast) -> None:
    from tenor_documents.signing import SignedCopy

    found = cast.approved()
    made = cast.issued(found)
    copy = SignedCopy(Upload("已签合同.pdf", PDF))
    cast.press(made, "record-signed-copy", copy, reason="客户不使用电子签名")
    contract = cast.contract(made)
    assert (contract.state, contract.signed_how.value) == ("signed", "on-paper")
    assert contract.signed_on == date(2026, 6, 30)
    assert cast.state(found) == "conditions"
    with cast.act(MANAGER) as ctx:
        assert read_file(ctx, contract.signed_file_id)[1] == PDF


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("scan.pdf", b"not a pdf", "file-is-not-what-its-name-says"),
        ("scan.png", b"\x89PNG\r\n\x1a\n", "file-kind-not-taken"),
        ("scan.pdf", b"%PDF-1.7 cut off", "file-broken"),
    ],
)
def test_a_signed_copy_is_a_whole_pdf(cast: Cast, name: str, content: bytes, key: str) -> None:
    from tenor_documents.signing import SignedCopy

    made = cast.issued(cast.approved())
    with pytest.raises(Invalid) as refused:
        cast.press(made, "record-signed-copy", SignedCopy(Upload(name, content)), reason="纸质")
    assert refused.value.fields["file"].key == key
    assert cast.contract(made).state == "issued"


def test_an_application_waits_until_its_contract_is_signed(cast: Cast) -> None:
    found = cast.approved()
    said = []
    for step in (lambda: None, lambda: cast.draft(found), lambda: cast.issued(found)):
        step()
        with cast.act(cast.legal(found), write=False) as ctx:
            application = ctx.session.get(Application, found)
            (offer,) = [
                one
                for one in cast.institution.workflow.available(ctx, application)  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol
                if one.name == "contract-signed"
            ]
            (blocker,) = offer.blockers
            said.append(str(blocker.why))
            assert blocker.href
    assert said == ["Not generated yet", "Not issued yet", "Not signed yet"]


# -- who sees contracts, and for how long ------------------------------------------------------------------------------


def test_a_contract_is_read_by_those_who_work_on_its_case(cast: Cast) -> None:
    made = cast.issued(cast.approved())
    seen = {}
    for login in (
        MANAGER,
        "fang.zheng",
        "zhou.qiming",
        "song.qing",
        "shen.bai",
        "du.yuan",
        "gao.jie",
        "ding.ning",
    ):
        seen[login] = bool(cast.read(select(Contract).where(Contract.id == made), login))
    assert seen == {
        MANAGER: True, "fang.zheng": True, "zhou.qiming": True, "song.qing": True,
        "shen.bai": False, "du.yuan": False, "gao.jie": False, "ding.ning": False,
    }  # fmt: skip
    with pytest.raises(NotFound):
        pdf_of_file(cast, cast.contract(made).file_id, "shen.bai")


def pdf_of_file(cast: Cast, file_id: int, login: str) -> bytes:
    with cast.act(login) as ctx:
        return read_file(ctx, file_id)[1]


def test_a_signed_contract_is_neither_changed_nor_deleted_by_anybody(cast: Cast) -> None:
    from tenor_documents.signing import SignedCopy

    found = cast.approved()
    made = cast.issued(found)
    copy = SignedCopy(Upload("scan.pdf", PDF))
    cast.press(made, "record-signed-copy", copy, reason="纸质")
    for login in (cast.legal(found), MANAGER, "song.qing"):
        with pytest.raises(Forbidden), cast.act(login) as ctx:
            ctx.session.delete(ctx.session.get(Contract, made))
        with pytest.raises(Forbidden), cast.act(login) as ctx:
            ctx.session.get(Contract, made).amount = Amount(1)
    with pytest.raises(Exception, match="not-from-this-state"):
        cast.press(made, "void", reason="误操作")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 6, 30), 36, date(2029, 6, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_term_ends_on_the_same_day_of_the_month(day: date, months: int, expected: date) -> None:
    assert months_later(day, months) == expected
