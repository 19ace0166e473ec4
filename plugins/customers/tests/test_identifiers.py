"""Codes of companies and persons. Vectors: GB 32100-2015, GB 11643-1999 and ISO 17442 examples, each also
computed with python-stdnum 2.2."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tenor_customers.demo_files import demo_uscc
from tenor_customers.domain.identifiers import (
    IDENTITY_CHECKS,
    ORGANISATION_WEIGHTS,
    USCC_ALPHABET,
    USCC_WEIGHTS,
    birth_date,
    identity_check_character,
    identity_problems,
    industry_levels,
    lei_check_digits,
    lei_problems,
    normal_code,
    organisation_check_character,
    region_levels,
    uscc_check_character,
    uscc_problems,
    uscc_with_check,
)
from tenor_customers.domain.problems import Problem, errors

VALID_CREDIT_CODES = [
    "91350100M000100Y43",
    "91110000600037341L",
    "91110000MA00000T0C",
    "91440300MA5TENR0XN",
    "121100004000000001",
]

bodies = st.builds(
    lambda kind, region, code: kind + region + code,
    st.text(USCC_ALPHABET, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(USCC_ALPHABET, min_size=9, max_size=9),
)
identity_bodies = st.builds(
    lambda region, born, rest: f"{region:06d}{born:%Y%m%d}{rest:03d}",
    st.integers(0, 999_999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)


def keys(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.key for problem in problems]


def swapped(code: str, place: int) -> str:
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def replaced(code: str, place: int, character: str) -> str:
    return code[:place] + character + code[place + 1 :]


def test_the_weights_of_the_credit_code_are_those_of_the_standard() -> None:
    assert USCC_WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@pytest.mark.parametrize("code", VALID_CREDIT_CODES)
def test_a_valid_credit_code_has_no_error(code: str) -> None:
    assert errors(uscc_problems(code)) == ()


@pytest.mark.parametrize("code", VALID_CREDIT_CODES)
def test_the_check_character_of_a_credit_code_is_found_again(code: str) -> None:
    assert uscc_check_character(code[:17]) == code[17]


@pytest.mark.parametrize("code", ["91110000600037342L", "91350100M000010Y43", "91310000MA1FL00007"])
def test_a_changed_or_transposed_credit_code_fails_its_check_digit(code: str) -> None:
    assert keys(uscc_problems(code)) == ["uscc-check-digit"]


def test_a_wrong_check_digit_says_what_it_found_and_what_it_should_be() -> None:
    (problem,) = uscc_problems("91350100M000100Y44")
    assert problem.values == {"found": "4", "expected": "3"}


def test_a_letter_outside_the_alphabet_is_named_with_its_place_and_what_it_may_have_been() -> None:
    (problem,) = uscc_problems("91110000600037341I")
    assert problem.key == "uscc-character"
    assert problem.values == {"position": 18, "character": "I", "perhaps": "1"}


def test_each_wrong_character_of_a_credit_code_is_named() -> None:
    assert keys(uscc_problems("9111O0006OOO37341L")) == ["uscc-character"] * 4


@pytest.mark.parametrize(("code", "found"), [("", 0), ("91110000600037341", 17), ("9" * 19, 19)])
def test_a_credit_code_of_another_length_says_how_long_it_is(code: str, found: int) -> None:
    (problem,) = uscc_problems(code)
    assert (problem.key, problem.values["found"]) == ("uscc-length", found)


def test_a_credit_code_typed_in_full_width_with_spaces_and_lower_case_is_the_same_code() -> None:
    assert normal_code(" ９１１１００００ 60003734-1l ") == "91110000600037341L"


def test_letters_in_the_region_of_a_credit_code_are_refused() -> None:
    assert "uscc-region-digits" in keys(uscc_problems(uscc_with_check("91A50100M000100Y4")))


def test_an_unknown_province_only_warns() -> None:
    problems = uscc_problems(demo_uscc(7))
    assert keys(problems) == ["uscc-region-unknown"]
    assert errors(problems) == ()


def test_the_weights_of_the_organisation_code_are_those_of_the_standard() -> None:
    assert ORGANISATION_WEIGHTS == (3, 7, 9, 10, 5, 8, 4, 2)


@pytest.mark.parametrize(("body", "check"), [("M000100Y", "4"), ("60003734", "1")])
def test_an_organisation_code_inside_a_credit_code_has_its_own_check(body: str, check: str) -> None:
    assert organisation_check_character(body) == check


def test_a_wrong_check_inside_the_organisation_code_only_warns() -> None:
    code = uscc_with_check("91350100M000100Y5")
    problems = uscc_problems(code)
    assert keys(problems) == ["organisation-code-check-digit"]
    assert errors(problems) == ()


@given(body=bodies)
def test_a_generated_credit_code_is_valid(body: str) -> None:
    assert errors(uscc_problems(uscc_with_check(body))) == ()


@given(body=bodies, place=st.integers(0, 17), character=st.sampled_from(USCC_ALPHABET))
def test_any_single_changed_character_of_a_credit_code_is_caught(
    body: str, place: int, character: str
) -> None:
    code = uscc_with_check(body)
    assume(code[place] != character)
    assert errors(uscc_problems(replaced(code, place, character)))


@given(body=bodies, place=st.integers(0, 16))
def test_any_two_swapped_neighbours_of_a_credit_code_are_caught(body: str, place: int) -> None:
    code = uscc_with_check(body)
    assume(code[place] != code[place + 1])
    assert errors(uscc_problems(swapped(code, place)))


@given(text=st.text(max_size=30))
def test_any_text_at_all_gets_an_answer_for_every_kind_of_code(text: str) -> None:
    assert isinstance(uscc_problems(text) + identity_problems(text) + lei_problems(text), tuple)


@given(serial=st.integers(0, 999_999))
def test_a_demonstration_code_is_valid_but_for_its_made_up_region(serial: int) -> None:
    assert keys(uscc_problems(demo_uscc(serial))) == ["uscc-region-unknown"]


# --- identity numbers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "11010519491231002x", "440524188001010014"]
)
def test_a_valid_identity_number_has_no_problem(number: str) -> None:
    assert identity_problems(number) == ()


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("110105194912310021", "identity-check-digit"),
        ("110105194902300027", "identity-date"),
        ("1101051949123100", "identity-length"),
        ("110105491231002", "identity-old-form"),
        ("1101051949123100X2", "identity-character"),
    ],
)
def test_an_identity_number_says_which_rule_it_breaks(number: str, key: str) -> None:
    assert keys(identity_problems(number))[0] == key


def test_an_unknown_region_of_an_identity_number_only_warns() -> None:
    body = "99010519491231002"
    problems = identity_problems(body + identity_check_character(body))
    assert keys(problems) == ["identity-region-unknown"]
    assert errors(problems) == ()


def test_somebody_born_after_the_business_date_is_refused() -> None:
    body = "11010520260701002"
    number = body + identity_check_character(body)
    assert keys(identity_problems(number, on=date(2026, 6, 30))) == ["identity-born-later"]


@pytest.mark.parametrize(
    "number", ["110105194912310021", "110105194902300027", "11010519491231OO2X"]
)
def test_no_problem_repeats_the_identity_number(number: str) -> None:
    for problem in identity_problems(number):
        assert "19491231" not in str(dict(problem.values))


def test_somebody_born_on_the_business_date_is_taken() -> None:
    body = "11010520260630002"
    assert identity_problems(body + identity_check_character(body), on=date(2026, 6, 30)) == ()


def test_the_date_of_birth_is_read_from_an_identity_number() -> None:
    assert birth_date("11010519491231002X") == date(1949, 12, 31)


@given(body=identity_bodies)
def test_a_generated_identity_number_is_valid(body: str) -> None:
    assert errors(identity_problems(body + identity_check_character(body))) == ()


@given(body=identity_bodies, place=st.integers(0, 17), character=st.sampled_from("0123456789"))
def test_any_single_changed_digit_of_an_identity_number_is_caught(
    body: str, place: int, character: str
) -> None:
    number = body + identity_check_character(body)
    assume(number[place] != character)
    assert errors(identity_problems(replaced(number, place, character)))


@given(body=identity_bodies, place=st.integers(0, 16))
def test_any_two_swapped_neighbours_of_an_identity_number_are_caught(body: str, place: int) -> None:
    number = body + identity_check_character(body)
    assume(number[place] != number[place + 1])
    assert errors(identity_problems(swapped(number, place)))


@given(body=identity_bodies)
def test_exactly_one_check_character_fits_an_identity_number(body: str) -> None:
    fitting = [c for c in IDENTITY_CHECKS if not errors(identity_problems(body + c))]
    assert len(fitting) == 1


# --- legal entity identifiers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lei", ["213800KUD8LAJWSQ9D15", "506700GE1G29325QX363", "300300TENOR000000097"]
)
def test_a_valid_lei_has_no_problem(lei: str) -> None:
    assert lei_problems(lei) == ()


@pytest.mark.parametrize(
    ("lei", "key"),
    [
        ("213800KUD8LXJWSQ9D15", "lei-check-digits"),
        ("213800KUD8LAJWSQ9D1", "lei-length"),
        ("213800KUD8LAJWSQ9DAB", "lei-character"),
    ],
)
def test_an_lei_says_which_rule_it_breaks(lei: str, key: str) -> None:
    assert keys(lei_problems(lei)) == [key]


@given(body=st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=18, max_size=18))
def test_a_generated_lei_is_valid(body: str) -> None:
    assert lei_problems(body + lei_check_digits(body)) == ()


# --- roll-ups ------------------------------------------------------------------------------------------


def test_an_industry_rolls_up_from_its_class_to_its_letter() -> None:
    assert industry_levels("C3621") == ("C", "36", "362", "3621")
    assert industry_levels("c34") == ("C", "34")
    assert industry_levels("C") == ("C",)


@pytest.mark.parametrize("code", ["", "36", "U36", "C3", "C36211", "C3６2x"])
def test_what_is_no_industry_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="industry code"):
        industry_levels(code)


def test_a_region_rolls_up_to_its_province() -> None:
    assert region_levels("440300") == ("44", "4403", "440300")


@pytest.mark.parametrize("code", ["4403", "44030A", "４４０３００"])
def test_what_is_no_region_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        region_levels(code)


@pytest.mark.parametrize(
    ("check", "body"),
    [
        (uscc_check_character, "9135"),
        (organisation_check_character, "M00"),
        (identity_check_character, "11010519491231X02"),
        (lei_check_digits, "213800"),
    ],
)
def test_a_check_character_is_only_computed_for_a_whole_body(check: object, body: str) -> None:
    assert callable(check)
    with pytest.raises(ValueError, match="body"):
        check(body)
