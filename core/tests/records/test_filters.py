"""The filter language as a shape: read, written back, and refused where it isn't one."""

from __future__ import annotations

from time import process_time
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.records import filters
from tenor.records.filters import And, Comparison, Not, Or, Sign, Tree, parse, written
from tenor_sdk.errors import Invalid

words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=12)
names = words.filter(bool)


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    sign = cast("Sign", draw(st.sampled_from(("=", "<", "<=", ">", ">=", "~"))))
    least, most = (0 if sign == "=" else 1), (3 if sign in ("=", "~") else 1)
    return Comparison(
        draw(names), sign, tuple(draw(st.lists(words, min_size=least, max_size=most)))
    )


def joined(kind: type[And | Or], terms: list[Tree]) -> Tree:
    flat = [one for term in terms for one in (term.terms if isinstance(term, kind) else (term,))]
    return kind(tuple(flat))


def above(below: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    several = st.lists(below, min_size=2, max_size=3)
    return st.one_of(
        below.map(Not),
        several.map(lambda terms: joined(And, terms)),
        several.map(lambda terms: joined(Or, terms)),
    )


trees = st.recursive(comparisons(), above, max_leaves=8)


@given(trees)
def test_what_is_written_reads_as_the_same_filter(tree: Tree) -> None:
    assert parse(written(tree)) == tree


@given(st.text(max_size=60) | st.text('()=<>!~"\\., ab\n“，≥～且或非空', max_size=30))
def test_any_text_is_a_filter_or_is_refused_with_its_place(text: str) -> None:
    error = refusal(text)
    if error is None:
        assert parse(written(parse(text))) == parse(text)
    elif error.key == "filter-syntax":
        assert 1 <= cast("int", error.values["at"]) <= len(text) + 1
    else:
        assert error.key in ("control-characters", "filter-too-deep")


def refusal(text: str) -> Invalid | None:
    try:
        parse(text)
    except Invalid as error:
        return error
    return None


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("a = 1 AND b!=2", "a = 1 and b != 2"),
        ("not a = 1", "a != 1"),
        ("a=1 or b=2 and c=3", "a = 1 or (b = 2 and c = 3)"),
        ("(a=1 or b=2) and not (c=3 and d=4)", "(a = 1 or b = 2) and not (c = 3 and d = 4)"),
        ("a = 1..5", "a >= 1 and a <= 5"),
        ("a != 1..5", "not (a >= 1 and a <= 5)"),
        ("a = (x, “y z”, or1)", 'a = (x, "y z", or1)'),
        ("a != empty", "a != empty"),
        ('a = "empty"', 'a = "empty"'),
        ("状态 ＝ (待办，进行中) 且 非 名称 ～ 样品", "状态 = (待办, 进行中) and 名称 !~ 样品"),
        ("到期日 = 空 或 说明 = “空”", '到期日 = empty or 说明 = "空"'),
        ("金额 ≥ 2000万 and 名称 ~ 泽远（上海）", "金额 >= 2000万 and 名称 ~ 泽远（上海）"),
        ("a !~ b", "a !~ b"),
        ("customer.name = x", "customer.name = x"),
    ],
)
def test_each_filter_has_one_form(typed: str, canonical: str) -> None:
    assert written(parse(typed)) == canonical


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a", 2),
        ("a = ", 5),
        ("a = 1 b", 7),
        ("(a = 1", 7),
        ('a = "x', 5),
        ("and = 1", 1),
        ("a < (1, 2)", 5),
        ("a > empty", 5),
        ("a = (1, )", 9),
        ("a ! b", 3),
        ("a = 1 and", 10),
        ('"" = 1', 1),
        ("a = 1; drop table x", 8),
    ],
)
def test_a_slip_is_told_with_its_place(text: str, at: int) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert (refused.value.key, refused.value.values["at"]) == ("filter-syntax", at)


@pytest.mark.parametrize(
    ("text", "key", "at"),
    [
        ("a = " + "x" * 2000, "filter-too-long", None),
        ("(" * 21 + "a = 1" + ")" * 21, "filter-too-deep", 21),
        ("not " * 21 + "a = 1", "filter-too-deep", 81),
        ("a = (" + ",".join("1" * 201) + ")", "filter-too-large", 406),
        ("a = 1" + " or a = 1" * 200, "filter-too-large", 1805),
        ("a = 1 or " * 200 + "b = empty", "filter-too-large", 1801),
        ("a = \0", "control-characters", 5),
        ("a = \ud800", "control-characters", 5),
    ],
)
def test_a_filter_has_limits(text: str, key: str, at: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        parse(text)
    assert (refused.value.key, refused.value.values.get("at")) == (key, at)


def test_what_fits_the_limits_is_read() -> None:
    assert parse("(" * 19 + "a = 1" + ")" * 19) == parse("a = 1")
    assert parse("a = (" + ",".join("1" * 200) + ")") is not None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("泽远 环保", False),
        ("LN-2026-000001", False),
        ("amount >= 5", True),
        ("state=draft", True),
        ("name ~ steel", True),
        ('"a=b"', False),
        ('note = "a"', True),
        ("and or not", False),
    ],
)
def test_a_search_with_a_sign_outside_quotes_is_a_filter(text: str, what: bool) -> None:
    assert filters.is_filter(text) is what


def test_quotes_that_nothing_closes_are_looked_for_in_a_time_that_ends() -> None:
    begun = process_time()
    assert not filters.is_filter('"\\' * 10_000)
    assert process_time() - begun < 1


def test_quotes_let_a_sign_be_searched_for() -> None:
    assert filters.searched('"a=b"') == "a=b"
    assert filters.searched('say "hello"') == 'say "hello"'


def test_an_address_says_what_it_can_as_pairs() -> None:
    tree = parse("state = (a, b) and amount = 1..5 and (x = 1 or y = 2) and amount >= 3 and z != 1")
    pairs, left = filters.to_pairs(tree)
    assert pairs == {"state": ["a", "b"], "amount__from": ["1"], "amount__to": ["5"]}
    assert written(left) == "(x = 1 or y = 2) and amount >= 3 and z != 1"
    again = filters.both(*(filters.of_pair(*pair) for pair in pairs.items()), left)
    assert set(filters.conjuncts(again)) == set(filters.conjuncts(tree))
