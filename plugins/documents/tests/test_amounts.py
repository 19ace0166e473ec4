"""Amounts in capitals. The first group of cases are the examples of 《支付结算办法》 annex 1 itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_documents.amounts import LIMIT, amount_in_words
from tenor_sdk.errors import Invalid

EXAMPLES_OF_THE_RULE = {
    "1409.50": "人民币壹仟肆佰零玖元伍角",
    "6007.14": "人民币陆仟零柒元壹角肆分",
    "1680.32": "人民币壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "人民币壹拾万柒仟元零伍角叁分",
    "16409.02": "人民币壹万陆仟肆佰零玖元零贰分",
    "325.04": "人民币叁佰贰拾伍元零肆分",
}

AMOUNTS_OF_LENDERS = {
    "0.00": "人民币零元整",
    "0.01": "人民币壹分",
    "0.10": "人民币壹角",
    "0.53": "人民币伍角叁分",
    "1.00": "人民币壹元整",
    "1.05": "人民币壹元零伍分",
    "1.50": "人民币壹元伍角",
    "10.00": "人民币壹拾元整",
    "10.05": "人民币壹拾元零伍分",
    "10.50": "人民币壹拾元零伍角",
    "11.11": "人民币壹拾壹元壹角壹分",
    "100.00": "人民币壹佰元整",
    "101.00": "人民币壹佰零壹元整",
    "1001.00": "人民币壹仟零壹元整",
    "1010.00": "人民币壹仟零壹拾元整",
    "10000.00": "人民币壹万元整",
    "10001.00": "人民币壹万零壹元整",
    "10100.00": "人民币壹万零壹佰元整",
    "11000.00": "人民币壹万壹仟元整",
    "100100.00": "人民币壹拾万零壹佰元整",
    "1000000.00": "人民币壹佰万元整",
    "20000000.00": "人民币贰仟万元整",
    "80000000.00": "人民币捌仟万元整",
    "80000000.05": "人民币捌仟万元零伍分",
    "100000000.00": "人民币壹亿元整",
    "100000001.00": "人民币壹亿零壹元整",
    "100010000.00": "人民币壹亿零壹万元整",
    "110000000.00": "人民币壹亿壹仟万元整",
    "450000000.00": "人民币肆亿伍仟万元整",
    "1184000000.00": "人民币壹拾壹亿捌仟肆佰万元整",
    "1000000000000.00": "人民币壹万亿元整",
    "1000500000000.00": "人民币壹万零伍亿元整",
    "9999999999999999.99": "人民币"
    "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}


def _fen(text: str) -> int:
    return int(text.replace(".", ""))


@pytest.mark.parametrize(("figures", "words"), EXAMPLES_OF_THE_RULE.items())
def test_the_examples_of_the_rule_come_out_as_printed(figures: str, words: str) -> None:
    assert amount_in_words(_fen(figures)) == words


@pytest.mark.parametrize(("figures", "words"), AMOUNTS_OF_LENDERS.items())
def test_amounts_of_lenders_are_written_in_capitals(figures: str, words: str) -> None:
    assert amount_in_words(_fen(figures)) == words


def _read_back(words: str) -> int:
    """Fen from capitals: an independent reader, by the value of each character."""
    digits = {c: n for n, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
    units = {"拾": 10, "佰": 100, "仟": 1000}
    fen, total, section, digit = 0, 0, 0, 0
    for character in words.removeprefix("人民币"):
        if character in digits:
            digit = digits[character]
        elif character in units:
            section, digit = section + digit * units[character], 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        elif character == "元":
            fen, digit = (total + section + digit) * 100, 0
        elif character in "角分":
            fen, digit = fen + digit * (10 if character == "角" else 1), 0
    return fen


@given(st.integers(min_value=0, max_value=LIMIT - 1))
def test_capitals_read_back_as_the_same_amount(minor: int) -> None:
    assert _read_back(amount_in_words(minor)) == minor


@given(st.integers(min_value=0, max_value=LIMIT - 1))
def test_capitals_never_carry_two_zeros_in_a_row_nor_a_zero_before_a_unit(minor: int) -> None:
    words = amount_in_words(minor).removeprefix("人民币零元")
    assert "零零" not in words
    assert not [unit for unit in "元万亿拾佰仟角分" if "零" + unit in words]


@given(st.integers(min_value=0, max_value=LIMIT // 100 - 1))
def test_whole_yuan_always_end_with_zheng(yuan: int) -> None:
    assert amount_in_words(yuan * 100).endswith("元整")


@given(st.integers(min_value=0, max_value=LIMIT - 1).filter(lambda minor: minor % 100))
def test_small_change_is_never_followed_by_zheng(minor: int) -> None:
    assert amount_in_words(minor)[-1] in "角分"


@pytest.mark.parametrize("minor", [-1, LIMIT])
def test_an_amount_that_has_no_capitals_is_refused(minor: int) -> None:
    with pytest.raises(Invalid) as refusal:
        amount_in_words(minor)
    assert refusal.value.key == "amount-not-writable"


def test_a_float_never_becomes_an_amount_in_capitals() -> None:
    with pytest.raises(TypeError):
        amount_in_words(1.0)  # type: ignore[arg-type]  # what the check is about
