"""Ratings: made, confirmed, superseded, computed again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tenor_credit.domain.models import bundled_scorecards
from tenor_credit.public import (
    CustomerRating,
    Judgement,
    Rating,
    confirm,
    judged_class,
    propose_rating,
    valid_rating,
)
from tenor_credit.services import rate_customer, recompute_rating
from tenor_credit.settings import CreditSettings
from tenor_credit.sheets import preview_of_rating, rating_of_customer, working_sheet
from tenor_credit.workflow import withdraw
from tenor_customers.demo_files import demo_uscc
from tenor_customers.public import (
    Assurance,
    Customer,
    PeriodKind,
    Statement,
    add_customer,
    record_statement,
)
from tenor_sdk import Amount, Blocked, Forbidden, Invalid, Rate, Refused
from tenor_sdk.testing import Institution, as_actor
from tenor_sdk.workflow import transition

MANAGER, OFFICER, OTHER_OFFICER, AUDITOR = "lin.xiaowen", "zhou.qiming", "he.lei", "song.qing"
JUDGED = Judgement(Rate.of("0.82"), "clean-24-months", "stable", "sound")
Rated = Callable[..., int]


def later_statement(institution: Institution, customer: int) -> None:
    lines = {"total_assets": Amount(100), "revenue": Amount(100)}
    statement = Statement(date(2026, 3, 31), PeriodKind.ANNUAL, "CNY", lines, Assurance.MANAGEMENT)
    with as_actor(institution, MANAGER) as ctx:
        record_statement(ctx, ctx.session.get_one(Customer, customer), statement)


def keys(blocked: pytest.ExceptionInfo[Blocked]) -> list[str]:
    return [blocker.what.message for blocker in blocked.value.blockers]


# -- made --------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_manufacturer_of_the_demonstration_is_rated_a_plus_with_78_points(
    institution: Institution, rated: Rated
) -> None:
    rating_id = rated()
    with as_actor(institution, AUDITOR, write=False) as ctx:
        rating = ctx.session.get_one(Rating, rating_id)
        assert (rating.score, rating.grade, rating.state) == (78, "A+", "confirmed")
        assert rating.valid_until == date(2027, 6, 29)
        points = {row["factor"]: row["points"] for row in rating.sheet["rows"]}
    assert points == {
        "capacity_utilisation": 8, "receivables_turnover": 7, "debt_to_assets": 7, "current_ratio": 6,
        "interest_cover": 8, "net_margin": 6, "revenue_growth": 5, "cash_flow_to_liabilities": 7,
        "inventory_turnover": 5, "repayment_record": 9, "industry_outlook": 5, "governance": 5,
    }  # fmt: skip


def test_each_input_keeps_its_source_and_its_day(institution: Institution, rated: Rated) -> None:
    rating_id = rated()
    with as_actor(institution, AUDITOR, write=False) as ctx:
        rows = {row["factor"]: row for row in ctx.session.get_one(Rating, rating_id).sheet["rows"]}
    assert (rows["debt_to_assets"]["source"], rows["debt_to_assets"]["as_of"]) == (
        "audited",
        "2025-12-31",
    )
    assert rows["governance"]["as_of"] == "2026-06-30"


def test_a_preview_keeps_nothing(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, OFFICER, write=False) as ctx:
        customer = ctx.session.get_one(Customer, zeyuan)
        sheet, tree = preview_of_rating(ctx, customer, JUDGED)
        assert ctx.session.scalars(select(Rating)).all() == []
    assert (len(sheet.rows), len(tree.rows)) == (12, 4)


def test_a_customer_without_statements_is_not_rated(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        empty = add_customer(ctx, "没有报表的公司", demo_uscc(2)).id
    with pytest.raises(Refused) as refused, as_actor(institution, OFFICER) as ctx:
        rate_customer(ctx, ctx.session.get_one(Customer, empty), JUDGED)
    assert refused.value.key == "no-statement"


def test_the_action_leads_to_the_rating_that_it_made(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, OFFICER) as ctx:
        where = rate_customer(ctx, ctx.session.get_one(Customer, zeyuan), JUDGED)
        assert where == f"/credit/rating/{ctx.session.scalars(select(Rating.id)).one()}"


def test_only_a_risk_officer_rates(institution: Institution, zeyuan: int) -> None:
    with pytest.raises(Forbidden) as refused, as_actor(institution, MANAGER) as ctx:
        propose_rating(ctx, ctx.session.get_one(Customer, zeyuan), JUDGED)
    assert refused.value.key == "not-permitted"


# -- confirmed ---------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_the_confirmed_rating_stands_beside_its_customer(
    institution: Institution, zeyuan: int, rated: Rated
) -> None:
    rating_id = rated()
    with as_actor(institution, MANAGER, write=False) as ctx:
        beside = ctx.session.get_one(CustomerRating, zeyuan)
        assert (beside.grade, beside.score, beside.rating_id) == ("A+", 78, rating_id)


def test_a_proposed_rating_does_not_count(
    institution: Institution, zeyuan: int, rated: Rated
) -> None:
    rated(confirmed=False)
    with as_actor(institution, OFFICER, write=False) as ctx:
        assert valid_rating(ctx, zeyuan) is None


def test_a_rating_counts_to_its_last_day_and_not_beyond(
    institution: Institution, zeyuan: int, rated: Rated
) -> None:
    rated()
    with as_actor(institution, OFFICER, on=date(2027, 6, 29), write=False) as ctx:
        assert valid_rating(ctx, zeyuan) is not None
    with as_actor(institution, OFFICER, on=date(2027, 6, 30), write=False) as ctx:
        assert valid_rating(ctx, zeyuan) is None


@pytest.mark.both_databases
def test_a_later_rating_supersedes_the_one_before(
    institution: Institution, zeyuan: int, rated: Rated
) -> None:
    first, second = rated(), rated(judged=Judgement(Rate.of("0.82"), "late-30", "stable", "sound"))
    with as_actor(institution, OFFICER, write=False) as ctx:
        found = valid_rating(ctx, zeyuan)
        assert found is not None
        assert found.id == second
        assert ctx.session.get_one(Rating, first).state == "superseded"
        assert ctx.session.get_one(CustomerRating, zeyuan).grade == found.grade


def test_a_rating_made_before_a_later_statement_is_not_confirmed(
    institution: Institution, zeyuan: int, rated: Rated
) -> None:
    rating_id = rated(confirmed=False)
    later_statement(institution, zeyuan)
    with pytest.raises(Blocked) as blocked, as_actor(institution, OFFICER) as ctx:
        transition(ctx, ctx.session.get_one(Rating, rating_id), confirm)
    assert keys(blocked) == ["A later statement is on file"]


def test_where_the_institution_wants_it_another_person_confirms(
    institution: Any, rated: Rated
) -> None:
    with as_actor(institution, "ding.ning") as ctx:
        institution.plugin_settings.set(ctx, CreditSettings, "second_person_confirms", True)
    rating_id = rated(confirmed=False)
    with pytest.raises(Blocked) as blocked, as_actor(institution, OFFICER) as ctx:
        transition(ctx, ctx.session.get_one(Rating, rating_id), confirm)
    assert keys(blocked) == ["You made this rating"]
    with as_actor(institution, OTHER_OFFICER) as ctx:
        assert transition(ctx, ctx.session.get_one(Rating, rating_id), confirm)


def test_taking_a_proposal_back_needs_a_reason(institution: Institution, rated: Rated) -> None:
    rating_id = rated(confirmed=False)
    with pytest.raises(Invalid), as_actor(institution, OFFICER) as ctx:
        transition(ctx, ctx.session.get_one(Rating, rating_id), withdraw)
    with as_actor(institution, OFFICER) as ctx:
        transition(ctx, ctx.session.get_one(Rating, rating_id), withdraw, reason="输入有误")
        assert ctx.session.get_one(Rating, rating_id).state == "withdrawn"


# -- again -------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_kept_rating_computed_again_is_identical(institution: Institution, rated: Rated) -> None:
    rating_id = rated()
    with as_actor(institution, OFFICER) as ctx:
        told = recompute_rating(ctx, ctx.session.get_one(Rating, rating_id))
    assert str(told) == "Identical: 78 points, A+"


def test_a_figure_that_was_changed_in_the_sheet_is_found(
    institution: Institution, rated: Rated
) -> None:
    rating_id = rated()
    with as_actor(institution, OFFICER, write=False) as ctx:
        rating = ctx.session.get_one(Rating, rating_id)
        tampered = {**rating.sheet, "total": 80}
        kept = Rating(model=rating.model, model_hash=rating.model_hash, sheet=tampered)
        told = recompute_rating(ctx, kept)
        ctx.session.expunge_all()
    assert told.values == {"places": "total"}


@pytest.mark.parametrize(("model", "digest"), [("制造业-2026.1", "0" * 64), ("零售-2019.3", "")])
def test_a_model_that_is_not_there_in_that_version_is_said_so(
    institution: Institution, model: str, digest: str
) -> None:
    with pytest.raises(Refused) as refused, as_actor(institution, OFFICER, write=False) as ctx:
        recompute_rating(ctx, Rating(model=model, model_hash=digest, sheet={}))
    assert refused.value.key == "model-gone"
    assert "制造业-2026.1" in bundled_scorecards()


def test_the_officers_class_of_a_factor_can_be_asked_for(
    institution: Institution, rated: Rated
) -> None:
    rating_id = rated()
    with as_actor(institution, OFFICER, write=False) as ctx:
        rating = ctx.session.get_one(Rating, rating_id)
        assert judged_class(rating, "repayment_record") == "clean-24-months"
        assert judged_class(rating, "debt_to_assets") is None


# -- seen --------------------------------------------------------------------------------------------------------------


def test_the_sheet_says_what_would_earn_more(institution: Institution, rated: Rated) -> None:
    rating_id = rated()
    with as_actor(institution, MANAGER, write=False) as ctx:
        sheet, _tree = working_sheet(ctx, ctx.session.get_one(Rating, rating_id))
    more = {str(row[0]): str(row[3]) for row in sheet.rows}
    assert more["Debt to assets"] == "+1: < 55.0%"
    assert more["Receivables turnover"] == "+2: ≥ 6.00"
    assert more["Governance"] == "+2: Strong"
    assert str(sheet.totals[3]) == "2 points to the next grade"


def test_a_customer_without_a_rating_says_so(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, MANAGER, write=False) as ctx:
        (table,) = rating_of_customer(ctx, ctx.session.get_one(Customer, zeyuan))
    assert (table.rows, str(table.empty)) == ([], "No rating is in force")


def test_a_rating_is_read_by_whoever_reads_the_customer(
    institution: Institution, rated: Rated
) -> None:
    rated()
    seen = {}
    for login in (MANAGER, "fang.zheng", "shen.bai", "xu.min", "ding.ning", AUDITOR):
        with as_actor(institution, login, write=False) as ctx:
            seen[login] = len(ctx.session.scalars(select(Rating.id)).all())
    assert seen == {
        MANAGER: 1, "fang.zheng": 1, "shen.bai": 0, "xu.min": 0, "ding.ning": 0, AUDITOR: 1,
    }  # fmt: skip
