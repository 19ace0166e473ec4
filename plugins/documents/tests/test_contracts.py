"""The loan contract says what was approved, in figures and in words, and its plan adds up."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_documents.contracts import (
    LoanContract,
    LoanKind,
    RepaymentMethod,
    contract_data,
    contract_template,
    money,
)
from tenor_documents.rendering import Rendered, render
from tenor_sdk.errors import Invalid
from tenor_sdk.values import Amount


def _made(contract: LoanContract, made_at: datetime) -> Rendered:
    return render(contract_template(), contract_data(contract), made_at=made_at)


@pytest.fixture
def text(contract: LoanContract, made_at: datetime, text_of: Callable[[bytes], str]) -> str:
    return text_of(_made(contract, made_at).content)


@pytest.mark.parametrize(
    "expected",
    [
        "固定资产借款合同",
        "合同编号：HY-GD-2026-000123",
        "人民币捌仟万元整（小写：¥80,000,000.00）",
        "泽远精密制造股份有限公司",
        "年产20万套精密减速器生产线技术改造项目",
        "自2026年6月30日起至2029年6月30日止",
        "4.35%",
        "加收50%计收罚息",
        "单笔支付金额超过¥10,000,000.00的",
        "项目资本金应当",
        "生效及其他",
        "第4页共4页",
    ],
)
def test_a_fixed_asset_contract_carries_the_approved_terms(text: str, expected: str) -> None:
    assert expected in text


def test_the_annex_lists_every_instalment_and_the_totals(text: str) -> None:
    annex = text[text.index("单位：人民币元") :]
    assert annex.count("6,666,666.66") == 11
    totals = ("6,666,666.74", "80,000,000.00", "5,654,999.99", "85,654,999.99")
    assert [figure for figure in totals if figure not in annex] == []


def test_a_working_capital_contract_has_its_own_clauses(
    contract: LoanContract, made_at: datetime, text_of: Callable[[bytes], str]
) -> None:
    text = text_of(_made(replace(contract, kind=LoanKind.WORKING_CAPITAL), made_at).content)
    assert "流动资金借款合同" in text
    assert "不得用于固定资产投资、股权投资" in text
    assert "项目资本金应当" not in text


def test_an_unsecured_bullet_loan_is_worded_as_such(
    contract: LoanContract, made_at: datetime, text_of: Callable[[bytes], str]
) -> None:
    plain = replace(
        contract,
        security="",
        guarantors=(),
        conditions=(),
        rate_basis="",
        method=RepaymentMethod.BULLET,
    )
    text = text_of(_made(plain, made_at).content)
    assert "本合同项下借款为信用借款" in text
    assert "按期付息、到期一次还本" in text
    assert "保证人：" not in text


def test_each_signer_has_a_place_of_a_fixed_size(contract: LoanContract, made_at: datetime) -> None:
    places = _made(contract, made_at).places
    assert [place.name for place in places] == [
        "borrower",
        "borrower-representative",
        "guarantor",
        "lender",
    ]
    assert {(place.width, place.height) for place in places} == {(204, 71)}
    assert not [place for place in places if place.bottom < 0 or place.left < 0]


def test_places_of_signatures_do_not_overlap(contract: LoanContract, made_at: datetime) -> None:
    corners = [(p.page, p.left, p.bottom) for p in _made(contract, made_at).places]
    assert len(set(corners)) == len(corners)


def test_a_long_plan_runs_over_pages_with_its_head_repeated(
    contract: LoanContract, made_at: datetime, extracted: Callable[[bytes], str]
) -> None:
    line = replace(contract.instalments[0], principal=Amount(10_000_000))
    long = _made(
        replace(contract, amount=Amount(1_800_000_000), instalments=(line,) * 180), made_at
    )
    text = extracted(long.content)
    assert text.count("\f") > 5
    assert text.count("应还本金") > 2


def test_a_plan_that_differs_from_the_amount_is_refused(contract: LoanContract) -> None:
    with pytest.raises(Invalid) as refusal:
        contract_data(replace(contract, amount=Amount(8_000_000_001)))
    assert refusal.value.key == "plan-differs-from-amount"
    assert refusal.value.values == {"amount": "¥80,000,000.01", "planned": "¥80,000,000.00"}


def test_two_signatures_never_share_a_place(contract: LoanContract) -> None:
    with pytest.raises(Invalid) as refusal:
        contract_data(replace(contract, signatures=contract.signatures[:1] * 2))
    assert refusal.value.key == "signature-place-repeated"


def test_a_party_whose_name_looks_like_markup_is_set_as_text(
    contract: LoanContract, made_at: datetime, text_of: Callable[[bytes], str]
) -> None:
    odd = replace(contract, borrower=replace(contract.borrower, name="#strong[甲]*乙*有限公司"))
    assert "#strong[甲]*乙*有限公司" in text_of(_made(odd, made_at).content)


@given(st.integers(min_value=-(10**18), max_value=10**18))
def test_figures_keep_every_fen(minor: int) -> None:
    figures = money(Amount(minor)).replace("¥", "").replace(",", "").replace(".", "")
    assert int(figures) == minor


def test_without_a_plan_there_is_no_annex_and_the_contract_says_when_the_plan_comes(
    contract: LoanContract, made_at: datetime, text_of: Callable[[bytes], str]
) -> None:
    text = text_of(_made(replace(contract, instalments=()), made_at).content)
    assert "以甲方于放款时出具的《还款计划表》为准" in text
    assert "单位：人民币元" not in text
