"""Customers as they are kept, and whose they are."""

from datetime import date

import pytest
from sqlalchemy import select

from tenor_customers.demo_files import demo_uscc
from tenor_customers.domain.identifiers import identity_check_character
from tenor_customers.public import Customer, add_customer
from tenor_customers.rules import (
    check_credit_code,
    check_identity_number,
    check_industry,
    check_region,
)
from tenor_customers.services import Sought, look_for_duplicates
from tenor_sdk import Amount, Conflict, Forbidden, Invalid, Refused
from tenor_sdk.testing import Institution, as_actor

MANAGER, NEIGHBOUR = "lin.xiaowen", "shen.bai"
NAME = "泽远精密制造股份有限公司"


def added(
    institution: Institution, login: str = MANAGER, serial: int = 700, name: str = NAME
) -> int:
    with as_actor(institution, login) as ctx:
        return add_customer(ctx, name, demo_uscc(serial)).id


# -- rules -------------------------------------------------------------------------------------------------------------


def test_a_wrong_check_digit_says_which_rule_failed_and_what_it_should_be() -> None:
    with pytest.raises(Invalid) as refused:
        check_credit_code("91110000600037342L")
    assert refused.value.key == "uscc-check-digit"
    assert refused.value.values == {"found": "L", "expected": "P"}


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("91350100M000100Y4", "uscc-length"),
        ("91110000600037341I", "uscc-character"),
        ("91AB00006000373410", "uscc-region-digits"),
    ],
)
def test_each_rule_of_the_credit_code_is_named(code: str, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_credit_code(code)
    assert refused.value.key == key


def test_a_valid_credit_code_passes_however_it_is_typed() -> None:
    check_credit_code("91110000600037341L")
    check_credit_code("9111 0000-6000 37341l")


def test_an_identity_number_is_checked_where_there_is_one() -> None:
    check_identity_number("")
    check_identity_number("11010519491231002X")
    with pytest.raises(Invalid) as refused:
        check_identity_number("110105194912310021")
    assert refused.value.key == "identity-check-digit"


@pytest.mark.parametrize("code", ["C3", "Z34", "34", "C36211"])
def test_an_industry_is_a_letter_and_none_or_two_to_four_digits(code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_industry(code)
    assert refused.value.key == "not-an-industry"


def test_an_unknown_industry_or_region_may_stay_empty() -> None:
    check_industry("")
    check_region("")
    check_industry("C3621")
    check_region("440300")
    with pytest.raises(Invalid) as refused:
        check_region("4403")
    assert refused.value.key == "not-a-region"


# -- kept --------------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_code_is_stored_in_one_form_however_it_was_typed(institution: Institution) -> None:
    code = demo_uscc(700)
    typed = f" {code[:6]}-{code[6:12].lower()} {code[12:]}"
    with as_actor(institution, MANAGER) as ctx:
        assert add_customer(ctx, NAME, typed, industry="c34").credit_code == code
    with as_actor(institution, MANAGER) as ctx:
        assert ctx.session.scalars(select(Customer.industry)).one() == "C34"


def test_a_customer_belongs_to_who_adds_it_and_their_unit(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        made = add_customer(ctx, NAME, demo_uscc(700), registered_capital=Amount.of("150000000"))
        assert (made.owner_id, made.unit_id) == (ctx.actor.id, ctx.actor.unit_id)


@pytest.mark.both_databases
def test_a_customer_of_another_branch_is_not_there(institution: Institution) -> None:
    mine = added(institution)
    with as_actor(institution, NEIGHBOUR, write=False) as ctx:
        assert ctx.session.get(Customer, mine) is None
        assert ctx.session.scalars(select(Customer.name)).all() == []


def test_the_head_of_a_branch_reads_the_customers_of_the_branch_only(
    institution: Institution,
) -> None:
    mine, theirs = added(institution), added(institution, NEIGHBOUR, 701, "金澜纺织有限公司")
    with as_actor(institution, "fang.zheng", write=False) as ctx:
        assert ctx.session.get(Customer, mine) is not None
        assert ctx.session.get(Customer, theirs) is None


@pytest.mark.parametrize("login", ["ding.ning", "xu.min", "gao.jie", "luo.qiang"])
def test_who_has_no_case_of_a_customer_reads_none(institution: Institution, login: str) -> None:
    added(institution)
    with as_actor(institution, login, write=False) as ctx:
        assert ctx.session.scalars(select(Customer.id)).all() == []


def test_a_risk_officer_reads_all_and_adds_none(institution: Institution) -> None:
    added(institution)
    with as_actor(institution, "zhou.qiming", write=False) as ctx:
        assert len(ctx.session.scalars(select(Customer.id)).all()) == 1
    with pytest.raises(Forbidden), as_actor(institution, "zhou.qiming") as ctx:
        add_customer(ctx, "另一家", demo_uscc(702))


# -- duplicates --------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
def test_a_code_that_another_branch_has_on_file_is_refused_without_saying_whose(
    institution: Institution,
) -> None:
    added(institution, NEIGHBOUR)
    with pytest.raises(Refused) as refused, as_actor(institution, MANAGER) as ctx:
        add_customer(ctx, "不同名称", demo_uscc(700))
    assert refused.value.key == "customer-exists"
    assert set(refused.value.values) == {"code"}


@pytest.mark.both_databases
def test_two_customers_never_have_one_code(institution: Institution) -> None:
    added(institution)
    with pytest.raises(Conflict) as refused, as_actor(institution, MANAGER) as ctx:
        # past the service, as a form would write it
        owner = {"unit_id": ctx.actor.unit_id, "owner_id": ctx.actor.id}
        ctx.session.add(Customer(name="另一家", credit_code=demo_uscc(700), **owner))
        ctx.session.flush()
    assert refused.value.key == "already-exists"


def test_a_look_for_duplicates_gives_reasons_not_names(institution: Institution) -> None:
    number = "99000019780512001" + identity_check_character("99000019780512001")
    with as_actor(institution, NEIGHBOUR) as ctx:
        whose = {"representative": "陆远", "representative_number": number}
        add_customer(ctx, "泽远精密制造有限公司", demo_uscc(700), **whose)
    with as_actor(institution, MANAGER) as ctx:
        told = look_for_duplicates(ctx, None, Sought(NAME, "", number))
    assert "1 customer on file may be the same" in str(told)
    assert "same legal representative" in str(told)
    assert "泽远精密制造有限公司" not in str(told)


def test_a_look_for_somebody_new_finds_nobody(institution: Institution) -> None:
    added(institution, NEIGHBOUR)
    with as_actor(institution, MANAGER) as ctx:
        assert "Nobody" in str(look_for_duplicates(ctx, None, Sought("云州明泽食品有限公司")))


def test_established_days_are_kept_as_days(institution: Institution) -> None:
    with as_actor(institution, MANAGER) as ctx:
        made = add_customer(ctx, NAME, demo_uscc(700), established_on=date(2008, 5, 16))
        assert made.established_on == date(2008, 5, 16)
