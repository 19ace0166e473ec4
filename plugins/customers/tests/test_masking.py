import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor_customers.domain.masking import (
    mask_account,
    mask_email,
    mask_identity_number,
    mask_middle,
    mask_person_name,
    mask_phone,
)


def test_an_identity_number_shows_its_first_and_last_four() -> None:
    assert mask_identity_number("330106197805120017") == "3301**********0017"


def test_a_mobile_number_hides_its_middle_four() -> None:
    assert mask_phone("13800001234") == "138****1234"


def test_an_account_shows_its_first_six_and_last_four() -> None:
    assert mask_account("6222000000001234") == "622200******1234"


@pytest.mark.parametrize(
    ("name", "shown"), [("张三", "张*"), ("郭振东", "郭*"), ("王", "*"), ("", "")]
)
def test_a_persons_name_shows_its_first_character(name: str, shown: str) -> None:
    assert mask_person_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [("zhang@example.com", "z***@example.com"), ("nonsense", "********"), ("@x", "**")],
)
def test_an_address_shows_one_letter_and_its_domain(address: str, shown: str) -> None:
    assert mask_email(address) == shown


@pytest.mark.parametrize("text", ["1380", "13800001", "138000012"])
def test_a_number_that_is_too_short_is_hidden_whole(text: str) -> None:
    assert mask_phone(text) == "*" * len(text)


@given(
    text=st.text(st.characters(exclude_characters="*"), max_size=40),
    lead=st.integers(0, 8),
    tail=st.integers(0, 8),
)
def test_a_mask_keeps_the_length_and_hides_at_least_four_or_all(
    text: str, lead: int, tail: int
) -> None:
    shown = mask_middle(text, lead, tail)
    assert len(shown) == len(text)
    assert shown.count("*") >= min(4, len(text))
