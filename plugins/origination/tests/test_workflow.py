"""The way of an application, and what stands in it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tenor.notify.records import Mail
from tenor_credit.public import Judgement, Rating
from tenor_customers.public import Customer, FinancialStatement
from tenor_origination.checklist import Product
from tenor_origination.public import Application, Condition, approved_terms
from tenor_origination.records import ApplicationDocument, Opinion, View
from tenor_origination.services import Brought, Met, bring_document, meet_condition
from tenor_origination.sheets import checklist_table, opinions_table, rating_table
from tenor_origination.workflow import (
    Decision,
    Recommendation,
    accept,
    approve,
    complete,
    decline,
    recommend,
    return_to_risk,
    send_back,
    submit,
    withdraw,
)
from tenor_sdk import Amount, Blocked, Conflict, Forbidden, Invalid, Rate, Refused
from tenor_sdk.files import Upload, read_file
from tenor_sdk.testing import run_jobs
from tenor_sdk.workflow import blockers

MANAGER, OFFICER, OTHER_OFFICER, AUDITOR = "lin.xiaowen", "zhou.qiming", "he.lei", "song.qing"
FIRST, SECOND, THIRD = "qin.feng", "liang.heng", "gu.yan"
OPERATIONS = "gao.jie"
AGREED = Recommendation(View.AGREE, "同意")
NAMES_NONE = Recommendation(View.AGREE_WITH_CONDITIONS, "同意", " \n")
WITH_CONDITIONS = Recommendation(View.AGREE_WITH_CONDITIONS, "同意", "提供购销合同\n\n提供仓单\n")


def whats(blocked: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [blocker.what.message for blocker in blocked.value.blockers]


# -- intake ------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_an_application_gets_its_number_and_belongs_to_who_made_it(cast: Any) -> None:
    application = cast.applied()
    with cast.act(MANAGER, write=False) as ctx:
        found = ctx.session.get_one(Application, application)
        assert found.number == "APP-2026-000001"
        assert (found.owner_id, found.state) == (ctx.actor.id, "draft")


def test_a_submitted_file_that_lacks_documents_stays_at_intake(cast: Any) -> None:
    application = cast.applied()
    cast.bring(application, "business-licence")
    cast.go(application, MANAGER, submit)
    assert cast.state(application) == "intake"
    with cast.act(MANAGER) as ctx:
        found = ctx.session.get_one(Application, application)
        left = blockers(ctx, found, accept)
        assert [blocker.what.message for blocker in left][:2] == [
            "Articles of association", "Resolution of the board or shareholders",
        ]  # fmt: skip
        assert {blocker.who for blocker in left} == {found.owner_id}


@pytest.mark.both_databases
def test_the_last_document_moves_the_file_and_the_risk_officer_is_told(cast: Any) -> None:
    kernel = cast.institution
    application = cast.applied()
    cast.bring(application, *ALL_BUT_ONE)
    cast.go(application, MANAGER, submit)
    run_jobs(kernel)
    before = {login: notices(cast, login) for login in (OFFICER, OTHER_OFFICER)}
    cast.bring(application, "use-of-proceeds")
    assert cast.state(application) == "risk-review"
    run_jobs(kernel)
    told = [login for login in before if len(notices(cast, login)) > len(before[login])]
    assert len(told) == 1  # one officer has it, the other is left in peace
    with cast.act(told[0], write=False) as ctx:
        (task,) = kernel.workflow.tasks(ctx)
        assert str(task.title) == "Review the risk"
        assert task.due_at > ctx.now
    assert f"{told[0]}@haiyue.example" in mailed(kernel)


ALL_BUT_ONE = (
    "business-licence", "articles", "resolution", "credit-report-consent", "audited-statements",
)  # fmt: skip


def notices(cast: Any, login: str) -> list[Any]:
    with cast.act(login, write=False) as ctx:
        return list(cast.institution.notify.inbox(ctx))


def mailed(kernel: Any) -> set[str]:
    """The addresses to which something was sent."""
    sent = select(Mail.__table__.c.address).where(Mail.__table__.c.sent_at.is_not(None))
    with kernel.db.raw(write=False) as connection:
        return set(connection.execute(sent).scalars())


def test_a_term_that_the_measures_do_not_allow_is_blocked(cast: Any) -> None:
    application = cast.applied(months=61)
    with pytest.raises(Blocked) as blocked:
        cast.go(application, MANAGER, submit)
    assert whats(blocked) == ["The term of {months} months is too long"]
    fixed = cast.applied(months=120, product=Product.FIXED_ASSET)
    assert cast.go(fixed, MANAGER, submit)


def test_the_manager_may_withdraw_with_a_reason(cast: Any) -> None:
    application = cast.submitted()
    with pytest.raises(Invalid):
        cast.go(application, MANAGER, withdraw)
    cast.go(application, MANAGER, withdraw, reason="客户改用自有资金")
    assert cast.state(application) == "withdrawn"


# -- documents ---------------------------------------------------------------------------------------------------------


def refused_at(cast: Any, application: int, kind: str, upload: Upload) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused, cast.act(MANAGER) as ctx:
        found = ctx.session.get_one(Application, application)
        bring_document(ctx, found, Brought(kind, upload))
    ((field, error),) = refused.value.fields.items()
    return field, error.key


@pytest.mark.both_databases
def test_a_file_that_is_not_what_its_name_says_leaves_no_trace(cast: Any) -> None:
    application = cast.applied()
    picture = Upload("执照.pdf", b"\x89PNG\r\n\x1a\n and so on")
    assert refused_at(cast, application, "articles", picture) == ("file", "not-what-its-name-says")
    with cast.act(MANAGER, write=False) as ctx:
        assert ctx.session.scalars(select(ApplicationDocument)).all() == []


def test_a_kind_of_file_that_nobody_can_read_is_refused(cast: Any) -> None:
    application = cast.applied()
    program = Upload("run.exe", b"MZ\x90\x00")
    assert refused_at(cast, application, "articles", program) == ("file", "kind-not-taken")


def test_a_document_that_the_product_does_not_need_is_refused(cast: Any) -> None:
    application = cast.applied()
    upload = Upload("批复.pdf", b"%PDF-1.4 x")
    assert refused_at(cast, application, "project-approval", upload) == (
        "kind",
        "not-on-the-checklist",
    )


def test_of_a_document_that_is_brought_again_the_last_one_is_shown(cast: Any) -> None:
    application = cast.applied()
    cast.bring(application, "articles", file=Upload("first.pdf", b"%PDF-1.4 first"))
    cast.bring(application, "articles", file=Upload("second.pdf", b"%PDF-1.4 second"))
    with cast.act(MANAGER, write=False) as ctx:
        table = checklist_table(ctx, ctx.session.get_one(Application, application))
    assert str(table.caption) == "1 of 6 documents are in"
    assert [row[1].value for row in table.rows if row[3] is not None] == ["second.pdf"]  # type: ignore[attr-defined]  # what the kernel or a mapped class has, beyond its protocol
    assert table.rows[1][2] == "林晓雯"


def test_a_file_under_review_takes_no_documents(cast: Any) -> None:
    application = cast.submitted()
    with pytest.raises(Refused) as refused:
        cast.bring(application, "articles")
    assert refused.value.key == "takes-no-documents"


def test_only_who_looks_after_the_application_brings_documents(cast: Any) -> None:
    application = cast.applied()
    with pytest.raises(Forbidden):
        cast.bring(application, "articles", login=OFFICER)


def test_whoever_reads_the_application_reads_its_documents(cast: Any) -> None:
    application = cast.submitted()
    with cast.act(OFFICER, write=False) as ctx:
        document = ctx.session.scalars(
            select(ApplicationDocument).where(ApplicationDocument.application_id == application)
        ).first()
        assert document is not None
        stored, content = read_file(ctx, document.file_id)
    assert (stored.media_type, content[:5]) == ("application/pdf", b"%PDF-")


# -- risk review -------------------------------------------------------------------------------------------------------


def test_without_a_rating_in_force_nothing_is_recommended(cast: Any) -> None:
    customer = cast.customer(rated=False)
    application = cast.submitted(customer=customer)
    with pytest.raises(Blocked) as blocked:
        cast.go(application, OFFICER, recommend, AGREED)
    assert whats(blocked) == ["A confirmed rating of the customer"]
    assert blocked.value.blockers[0].href == f"/customers/customer/{customer}/actions/rate"


@pytest.mark.both_databases
def test_the_risk_officers_opinion_and_conditions_are_kept(cast: Any) -> None:
    application = cast.recommended(said=WITH_CONDITIONS)
    with cast.act(AUDITOR, write=False) as ctx:
        opinion = ctx.session.scalars(select(Opinion)).one()
        assert (opinion.stage, opinion.view) == ("risk-review", View.AGREE_WITH_CONDITIONS)
        texts = ctx.session.scalars(select(Condition.text).order_by(Condition.id)).all()
        table = opinions_table(ctx, ctx.session.get_one(Application, application))
    assert texts == ["提供购销合同", "提供仓单"]
    assert (table.rows[0][0], str(table.rows[0][1])) == ("周启明", "Risk review")


def test_an_opinion_with_conditions_names_them(cast: Any) -> None:
    application = cast.submitted()
    with pytest.raises(Invalid) as refused:
        cast.go(application, OFFICER, recommend, NAMES_NONE)
    assert refused.value.fields["conditions"].key == "conditions-needed"


def test_conditions_of_an_earlier_round_needn_t_be_said_again(cast: Any) -> None:
    application = cast.recommended(said=WITH_CONDITIONS)
    cast.go(application, FIRST, return_to_risk, reason="请再核对")
    cast.go(application, OFFICER, recommend, NAMES_NONE)
    assert cast.state(application) == "approval"


def test_a_file_that_is_sent_back_goes_round_again(cast: Any) -> None:
    application = cast.submitted()
    with pytest.raises(Invalid):
        cast.go(application, OFFICER, send_back)
    cast.go(application, OFFICER, send_back, reason="验资报告日期有误")
    assert cast.state(application) == "draft"
    cast.bring(application, "articles")
    cast.go(application, MANAGER, submit)
    assert cast.state(application) == "risk-review"


def test_a_risk_officer_may_decline(cast: Any) -> None:
    application = cast.submitted()
    cast.go(application, OFFICER, decline, reason="评级过低")
    assert cast.state(application) == "declined"


def test_the_manager_neither_recommends_nor_decides(cast: Any) -> None:
    application = cast.submitted()
    with pytest.raises(Forbidden):
        cast.go(application, MANAGER, recommend, AGREED)


# -- approval ----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_up_to_ten_million_one_approver_suffices(cast: Any) -> None:
    application = cast.recommended("10000000")
    assert cast.go(application, FIRST, approve, Decision("同意"))
    assert cast.state(application) == "conditions"


@pytest.mark.both_databases
def test_a_fen_above_ten_million_takes_two_distinct_approvers(cast: Any) -> None:
    application = cast.recommended("10000000.01")
    assert not cast.go(application, FIRST, approve, Decision())
    assert cast.state(application) == "approval"
    with pytest.raises(Conflict) as refused:
        cast.go(application, FIRST, approve, Decision())
    assert refused.value.key == "already-voted"
    assert cast.go(application, SECOND, approve, Decision())
    assert cast.state(application) == "conditions"


def test_any_other_currency_takes_two(cast: Any) -> None:
    customer = cast.customer(rated=False, currency="USD")
    application = cast.applied("1", customer=customer)
    assert [line.people for line in covering(cast, application)] == [2]


def covering(cast: Any, application: int) -> list[Any]:
    """The lines of the authority that cover an application, as the kernel itself sees it."""
    engine = cast.institution.workflow
    with cast.act(AUDITOR, write=False) as ctx:
        found = ctx.session.get_one(Application, application)
        return list(engine.authorities.ruling(ctx, found, approve.approval.authority).cover.lines)


def test_approved_terms_and_the_rating_of_the_decision_are_kept(cast: Any) -> None:
    application = cast.approved("5000000")
    with cast.act(AUDITOR, write=False) as ctx:
        terms = approved_terms(ctx, application)
        found = ctx.session.get_one(Application, application)
        assert terms is not None
        assert (terms.amount, terms.months, terms.rate) == (
            Amount.of("5000000"), 36, Rate.percent("4.35"),
        )  # fmt: skip
        assert found.rating_id == ctx.session.scalars(select(Rating.id)).one()
        assert found.decided_on == ctx.today


def test_an_application_that_is_not_approved_has_no_terms(cast: Any) -> None:
    application = cast.recommended()
    with cast.act(AUDITOR, write=False) as ctx:
        assert approved_terms(ctx, application) is None


@pytest.mark.both_databases
def test_a_condition_that_an_approver_adds_makes_the_others_vote_again(cast: Any) -> None:
    application = cast.recommended("20000000")
    assert not cast.go(application, FIRST, approve, Decision())
    assert not cast.go(application, SECOND, approve, Decision("同意", "追加保证担保"))
    assert cast.state(application) == "approval"
    assert cast.go(application, FIRST, approve, Decision("同意追加"))
    assert cast.state(application) == "conditions"


@pytest.mark.both_databases
def test_a_rating_that_changes_while_it_is_decided_makes_everybody_vote_again(cast: Any) -> None:
    customer = cast.customer()
    application = cast.recommended("20000000", customer=customer)
    assert not cast.go(application, FIRST, approve, Decision())
    cast.rate(customer, judged=Judgement(Rate.of("0.60"), "late-30", "watched", "weak"))
    assert not cast.go(application, SECOND, approve, Decision())
    assert cast.go(application, FIRST, approve, Decision())


def test_votes_of_before_do_not_count_after_the_file_was_returned(cast: Any) -> None:
    application = cast.recommended("20000000")
    cast.go(application, FIRST, approve, Decision())
    cast.go(application, SECOND, return_to_risk, reason="补充现金流测算")
    cast.go(application, OFFICER, recommend, AGREED)
    assert not cast.go(application, SECOND, approve, Decision())
    assert cast.state(application) == "approval"


def test_an_approver_may_decline_with_a_reason(cast: Any) -> None:
    application = cast.recommended("20000000")
    cast.go(application, FIRST, decline, reason="行业限制")
    assert cast.state(application) == "declined"
    with pytest.raises(Conflict):
        cast.go(application, SECOND, approve, Decision())


@pytest.mark.both_databases
def test_every_move_stands_in_the_ledger_with_its_person(cast: Any) -> None:
    application = cast.approved("20000000", WITH_CONDITIONS)
    kernel = cast.institution
    with cast.act(AUDITOR, write=False) as ctx:
        entries = kernel.audit.history(ctx, ctx.session.get_one(Application, application))
    moves = [
        (entry.actor_name, entry.changes["transition"][1])
        for entry in reversed(entries)
        if entry.kind == "transition"
    ]
    assert moves == [
        ("林晓雯", "submit"), ("林晓雯", "accept"), ("周启明", "recommend"), ("梁衡", "approve"),
    ]  # fmt: skip


# -- conditions precedent ----------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_money_goes_out_only_when_every_condition_is_met(cast: Any) -> None:
    application = cast.approved("5000000", WITH_CONDITIONS)
    with pytest.raises(Blocked) as blocked:
        cast.go(application, OPERATIONS, complete)
    assert [blocker.what.values["text"] for blocker in blocked.value.blockers] == [
        "提供购销合同", "提供仓单",
    ]  # fmt: skip
    with cast.act(OPERATIONS) as ctx:
        for condition in ctx.session.scalars(select(Condition).order_by(Condition.id)):
            evidence = Upload("合同.pdf", b"%PDF-1.4 x")
            meet_condition(ctx, condition, Met("已收到原件", evidence))
    assert cast.go(application, OPERATIONS, complete)
    assert cast.state(application) == "completed"


def test_a_condition_is_confirmed_once_with_who_and_by_what(cast: Any) -> None:
    cast.approved("5000000", WITH_CONDITIONS)
    with cast.act(OPERATIONS) as ctx:
        condition = ctx.session.scalars(select(Condition).order_by(Condition.id)).first()
        meet_condition(ctx, condition, Met("已收到原件"))
        assert (condition.met_by_id, condition.met_on) == (ctx.actor.id, ctx.today)
        with pytest.raises(Refused) as refused:
            meet_condition(ctx, condition, Met("又一次"))
    assert refused.value.key == "condition-met-already"


def test_a_manager_confirms_no_condition(cast: Any) -> None:
    cast.approved("5000000", WITH_CONDITIONS)
    with pytest.raises(Forbidden), cast.act(MANAGER) as ctx:
        condition = ctx.session.scalars(select(Condition)).first()
        meet_condition(ctx, condition, Met("已收到"))


# -- seen --------------------------------------------------------------------------------------------------------------


def test_the_rating_of_the_decision_is_shown_also_after_a_later_one(cast: Any) -> None:
    customer = cast.customer()
    application = cast.approved("5000000", customer=customer)
    cast.rate(customer, judged=Judgement(Rate.of("0.60"), "late-30", "watched", "weak"))
    with cast.act(OFFICER, write=False) as ctx:
        sheet, _tree = rating_table(ctx, ctx.session.get_one(Application, application))
    assert sheet.totals[2] == (78, 100)


def test_a_task_of_the_risk_department_is_due_in_two_working_days(cast: Any) -> None:
    cast.submitted()
    kernel = cast.institution
    for login in (OFFICER, OTHER_OFFICER):
        with cast.act(login, write=False) as ctx:
            for task in kernel.workflow.tasks(ctx):
                assert timedelta(days=2) <= task.due_at - ctx.now < timedelta(days=3)


def test_approvers_read_rating_and_statements_of_their_cases_and_legal_does_not(cast: Any) -> None:
    cast.recommended("20000000")
    cast.customer()  # of no case
    seen = {}
    for login in (FIRST, "xu.min", OPERATIONS, "ding.ning"):
        with cast.act(login, write=False) as ctx:
            seen[login] = tuple(
                len(ctx.session.scalars(select(kind.id)).all())
                for kind in (Application, Customer, Rating, FinancialStatement)
            )
    assert seen == {
        FIRST: (1, 1, 1, 3), "xu.min": (0, 0, 0, 0), OPERATIONS: (0, 0, 0, 0),
        "ding.ning": (0, 0, 0, 0),
    }  # fmt: skip


def test_operations_reads_dossier_and_rating_of_its_cases_but_no_statements(cast: Any) -> None:
    cast.approved("5000000")
    with cast.act(OPERATIONS, write=False) as ctx:
        seen = [
            len(ctx.session.scalars(select(kind.id)).all())
            for kind in (Application, Customer, Rating, FinancialStatement)
        ]
    assert seen == [1, 1, 1, 0]
