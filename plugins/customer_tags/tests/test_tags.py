"""Tags by hand and by rule, and what they do to a queue."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from tenor_credit.public import Judgement, confirm, propose_rating
from tenor_customer_tags.public import CustomerTag, CustomerTags, GivenTag, Tag, give_tag, held_tags
from tenor_customer_tags.records import Origin
from tenor_customer_tags.services import Ended, end_tag, facts_of, judge_tags
from tenor_customer_tags.sheets import tags_of_customer
from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_customers.imports import StatementUpload, import_statements
from tenor_customers.public import Customer, add_customer
from tenor_origination.public import Application, apply_for
from tenor_origination.views import queue
from tenor_origination.workflow import submit
from tenor_sdk import Amount, Forbidden, Invalid, Rate, Refused
from tenor_sdk.files import Upload
from tenor_sdk.testing import Institution, as_actor, on_date, run_jobs
from tenor_sdk.workflow import transition

MANAGER, OFFICER = "lin.xiaowen", "zhou.qiming"
NEXT_YEAR = date(2027, 6, 30)


@pytest.fixture(scope="module")
def plugins() -> tuple[str, ...]:
    """With credit, whose ratings rules ask for, and origination, whose queue tags order."""
    return ("customer_tags", "credit", "origination")


@pytest.fixture
def zeyuan(institution: Institution) -> int:
    with as_actor(institution, MANAGER) as ctx:
        customer = add_customer(ctx, "泽远精密制造股份有限公司", demo_uscc(1))
        import_statements(ctx, customer, StatementUpload(Upload("z.xlsx", zeyuan_workbook())))
        return customer.id


@pytest.fixture
def watched(institution: Institution) -> int:
    """A tag that people give."""
    with as_actor(institution, OFFICER) as ctx:
        tag = Tag(code="watched", name="Under observation")
        ctx.session.add(tag)
        ctx.session.flush()
        return tag.id


def rate(institution: Institution, customer: int, record: str = "clean-24-months") -> None:
    with as_actor(institution, OFFICER) as ctx:
        judged = Judgement(Rate.of("0.82"), record, "stable", "sound")
        rating = propose_rating(ctx, ctx.session.get_one(Customer, customer), judged)
        transition(ctx, rating, confirm)


def give(institution: Institution, customer: int, login: str = OFFICER, **given: Any) -> None:
    with as_actor(institution, login) as ctx:
        give_tag(ctx, ctx.session.get_one(Customer, customer), GivenTag(**given))


def line(institution: Institution, customer: int) -> str:
    """What the list shows."""
    with as_actor(institution, MANAGER, write=False) as ctx:
        beside = ctx.session.get(CustomerTags, customer)
        return beside.tags if beside is not None else ""


# -- by rule -----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_customer_with_a_good_rating_becomes_prime_with_its_three_facts(
    institution: Institution, zeyuan: int
) -> None:
    run_jobs(institution)
    assert line(institution, zeyuan) == ""
    rate(institution, zeyuan)
    run_jobs(institution)
    assert line(institution, zeyuan) == "Prime customer"
    with as_actor(institution, MANAGER, write=False) as ctx:
        (held,) = held_tags(ctx, zeyuan)
        facts = {fact["fact"]: (fact["value"], fact["as_of"]) for fact in held.facts}
    assert facts == {
        "rating": ("A+", "2026-06-30"),
        "months_without_arrears": ("24", "2026-06-30"),
        "debt_to_assets": ("3/5", "2025-12-31"),
    }


def test_a_tag_by_rule_goes_with_the_fact_that_it_stood_on(
    institution: Institution, zeyuan: int
) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    rate(institution, zeyuan, "late-30")
    run_jobs(institution)
    assert line(institution, zeyuan) == ""
    with as_actor(institution, MANAGER, write=False) as ctx:
        kept = ctx.session.scalars(select(CustomerTag)).one()
        assert (kept.origin, kept.ended_on) == (Origin.RULE, ctx.today)


def test_no_good_tag_is_given_on_silence(institution: Institution, zeyuan: int) -> None:
    with as_actor(institution, "zhou.qiming") as ctx:
        assert set(facts_of(ctx, zeyuan)) == {"debt_to_assets"}
        assert not judge_tags(ctx, zeyuan)


def test_judging_twice_changes_nothing(institution: Institution, zeyuan: int) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    with as_actor(institution, OFFICER) as ctx:
        assert not judge_tags(ctx, zeyuan)
        assert len(ctx.session.scalars(select(CustomerTag)).all()) == 1


def test_a_tag_by_rule_ends_in_the_night_after_the_rating_ran_out(
    institution: Institution, zeyuan: int
) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    assert line(institution, zeyuan) == "Prime customer"
    with on_date(institution, date(2027, 7, 1)):
        run_jobs(institution)
        run_jobs(institution)
        assert line(institution, zeyuan) == ""


def test_the_page_gives_the_reasons_of_a_tag(institution: Institution, zeyuan: int) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    with as_actor(institution, MANAGER, write=False) as ctx:
        table = tags_of_customer(ctx, ctx.session.get_one(Customer, zeyuan))
    assert [str(row[1]) for row in table.rows] == [
        "Rating A+ ≥ A+ (2026-06-30, rating)",
        "Months without arrears 24 ≥ 24 (2026-06-30, rating)",
        "Debt to assets 60.0% ≤ 65.0% (2025-12-31, audited)",
    ]


# -- by hand -----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_tag_by_hand_is_carried_to_its_last_day(
    institution: Institution, zeyuan: int, watched: int
) -> None:
    give(institution, zeyuan, tag=watched, reason="营业收入下降", until=date(2026, 9, 30))
    assert line(institution, zeyuan) == "Under observation"
    with as_actor(institution, MANAGER, on=date(2026, 9, 30), write=False) as ctx:
        assert len(held_tags(ctx, zeyuan)) == 1
    with as_actor(institution, MANAGER, on=date(2026, 10, 1), write=False) as ctx:
        assert held_tags(ctx, zeyuan) == []


@pytest.mark.parametrize(
    ("reason", "until", "field", "key"),
    [
        ("下降", None, "until", "end-date-missing"),
        (" ", NEXT_YEAR, "reason", "reason-missing"),
        ("下降", date(2026, 6, 29), "until", "already-ended"),
        ("下降", date(2027, 7, 2), "until", "lasts-too-long"),
    ],
)
def test_a_tag_by_hand_needs_a_reason_and_a_last_day(
    institution: Institution, zeyuan: int, watched: int, reason: str, until: date | None, field: str,
    key: str,
) -> None:  # fmt: skip
    with pytest.raises(Invalid) as refused:
        give(institution, zeyuan, tag=watched, reason=reason, until=until)
    assert refused.value.fields[field].key == key
    assert line(institution, zeyuan) == ""


def test_a_tag_is_not_given_twice(institution: Institution, zeyuan: int, watched: int) -> None:
    give(institution, zeyuan, tag=watched, reason="下降", until=NEXT_YEAR)
    with pytest.raises(Refused) as refused:
        give(institution, zeyuan, tag=watched, reason="下降", until=NEXT_YEAR)
    assert refused.value.key == "tag-held-already"


def test_nobody_gives_or_takes_a_tag_of_a_rule_by_hand(
    institution: Institution, zeyuan: int
) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    with as_actor(institution, OFFICER, write=False) as ctx:
        prime = ctx.session.scalars(select(Tag.id).where(Tag.code == "prime")).one()
    with pytest.raises(Refused) as refused:
        give(institution, zeyuan, tag=prime, reason="好", until=NEXT_YEAR)
    assert refused.value.key == "tag-is-given-by-rule"
    with pytest.raises(Refused) as refused, as_actor(institution, OFFICER) as ctx:
        end_tag(ctx, ctx.session.scalars(select(CustomerTag)).one(), Ended("不再需要"))
    assert refused.value.key == "tag-is-given-by-rule"


def test_a_tag_that_is_taken_off_keeps_its_course(
    institution: Institution, zeyuan: int, watched: int
) -> None:
    give(institution, zeyuan, tag=watched, reason="下降", until=NEXT_YEAR)
    with as_actor(institution, OFFICER) as ctx:
        held = ctx.session.scalars(select(CustomerTag)).one()
        end_tag(ctx, held, Ended("收入恢复"))
        assert (held.ended_on, held.end_reason) == (ctx.today, "收入恢复")
        with pytest.raises(Refused) as refused:
            end_tag(ctx, held, Ended("又一次"))
    assert refused.value.key == "tag-not-held"
    assert line(institution, zeyuan) == ""


def test_a_tag_that_is_not_there_is_refused_at_its_field(
    institution: Institution, zeyuan: int
) -> None:
    with pytest.raises(Invalid) as refused:
        give(institution, zeyuan, tag=999, reason="下降", until=NEXT_YEAR)
    assert refused.value.fields["tag"].key == "no-such-tag"


def test_an_auditor_reads_tags_and_gives_none(
    institution: Institution, zeyuan: int, watched: int
) -> None:
    give(institution, zeyuan, tag=watched, reason="下降", until=NEXT_YEAR)
    with as_actor(institution, "song.qing", write=False) as ctx:
        assert len(ctx.session.scalars(select(CustomerTag)).all()) == 1
    with pytest.raises(Forbidden):
        give(institution, zeyuan, "song.qing", tag=watched, reason="下降", until=NEXT_YEAR)


def test_another_branch_sees_no_tag(institution: Institution, zeyuan: int, watched: int) -> None:
    give(institution, zeyuan, MANAGER, tag=watched, reason="下降", until=NEXT_YEAR)
    with as_actor(institution, "shen.bai", write=False) as ctx:
        assert ctx.session.scalars(select(CustomerTag)).all() == []
        assert ctx.session.scalars(select(CustomerTags)).all() == []


# -- in the queue ------------------------------------------------------------------------------------------------------


def applied(institution: Institution, customer: int) -> int:
    with as_actor(institution, MANAGER) as ctx:
        found = ctx.session.get_one(Customer, customer)
        made = apply_for(ctx, found, Amount.of("1000000"), 12, Rate.of("0.04"), purpose="备货")
        transition(ctx, made, submit)
        return made.id


@pytest.mark.both_databases
def test_the_file_of_a_prime_customer_stands_above_an_older_one_and_says_why(
    institution: Any, zeyuan: int
) -> None:
    with as_actor(institution, MANAGER) as ctx:
        plain = add_customer(ctx, "另一家公司", demo_uscc(2)).id
    older, younger = applied(institution, plain), applied(institution, zeyuan)
    rate(institution, zeyuan)
    run_jobs(institution)
    run_jobs(institution)
    with as_actor(institution, OFFICER, write=False) as ctx:
        ranked = select(Application).order_by(Application.queue_rank, Application.id)
        found = [(each.id, each.priority) for each in ctx.session.scalars(ranked)]
    assert found == [(younger, "Prime customer"), (older, "")]
    assert queue.sort is Application.queue_rank


def test_a_file_submitted_later_gets_the_rank_that_its_customer_has(
    institution: Institution, zeyuan: int
) -> None:
    rate(institution, zeyuan)
    run_jobs(institution)
    application = applied(institution, zeyuan)
    run_jobs(institution)
    with as_actor(institution, OFFICER, write=False) as ctx:
        assert ctx.session.get_one(Application, application).queue_rank == 90
