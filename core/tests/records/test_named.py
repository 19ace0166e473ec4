"""Who is named in a text by a sign and a name: the longest that somebody has, in Chinese without gaps."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenor.records.named import LOOKED_AT, MOST, Named, Somebody, named_in, names_at, places

LIN = Somebody(1, "lin.xiaowen", "林晓雯", there=True)
LIN_XIAO = Somebody(2, "lin.xiao", "林晓", there=True)
ZHOU = Somebody(3, "zhou", "周启明", there=True)
WEI = Somebody(4, "zhang.wei", "张伟", there=True)
OTHER_WEI = Somebody(5, "zhang.wei2", "张伟", there=True)
ANN = Somebody(6, "ann", "Ann Lee", there=True)
GONE = Somebody(7, "gone", "何已离", there=False)
NOEL = Somebody(8, "noel", "Noël O’Brien", there=True)
OMAR = Somebody(9, "omar", "عمر", there=True)
MARKUP = Somebody(10, "markup", "<b>x</b>", there=True)
MAIL = Somebody(11, "kim@bank.example", "金", there=True)
#: a login that is another's name
SAME = Somebody(12, "周启明", "周某", there=True)
PEOPLE = (LIN, LIN_XIAO, ZHOU, WEI, OTHER_WEI, ANN, GONE, NOEL, OMAR, MARKUP, MAIL)


def _named(text: str, *more: Somebody) -> Named:
    names: dict[str, list[Somebody]] = {}
    for one in (*PEOPLE, *more):
        names.setdefault(one.name, []).append(one)
    return named_in(text, {one.login: one for one in (*PEOPLE, *more)}, names)


def _who(text: str, *more: Somebody) -> list[int]:
    return [each.person.id for each in _named(text, *more).mentions]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("@林晓雯请看", [1]),
        ("请@林晓雯、@周启明看", [1, 3]),
        ("＠林晓雯", [1]),
        ("@林晓要看", [2]),
        ("@lin.xiaowen, please", [1]),
        ("@Lin.Xiaowen", [1]),
        ("see @lin.xiao.", [2]),
        ("@lin.xiao请看", [2]),
        ("@Ann Lee and more", [6]),
        ("(@ann)", [6]),
        ("@@ann", [6]),
        ("@Noël O’Brien said", [8]),
        ("@عمر please", [9]),
        ("@<b>x</b>", [10]),
        ("@kim@bank.example", [11]),
        ("line\n@ann\n@zhou", [6, 3]),
        ("@ann @ann", [6, 6]),
    ],
)
def test_a_name_or_login_after_the_sign_is_a_mention(text: str, people: list[int]) -> None:
    assert _who(text) == people


@pytest.mark.parametrize(
    "text",
    [
        "", "@", "＠", "a @ b", "@ ann", "@\nann", "lin@ann", "x_@ann", "5@ann.example", "@annie",
        "@ann.example", "@ann_b", "@ann@bank", "@ann's", "@lin.xiaowens", "@nobody", "@林\n晓雯", "@عمران",
        "@李四",
    ],
)  # fmt: skip
def test_what_is_a_part_of_a_word_or_nobody_is_none(text: str) -> None:
    assert _who(text) == []


def test_where_it_stands_is_known() -> None:
    (mention,) = _named("请@林晓雯看").mentions
    assert (mention.start, mention.length) == (1, 4)


def test_of_two_people_of_one_name_none_is_meant_but_by_their_login() -> None:
    found = _named("@张伟 @张伟 @zhang.wei2")
    assert [each.person.id for each in found.mentions] == [5]
    assert found.unclear == ["张伟"]


def test_who_works_here_is_meant_before_one_who_left() -> None:
    assert _who("@何已离") == [7]
    here = Somebody(20, "he", "何已离", there=True)
    assert _who("@何已离", here) == [20]


def test_who_left_is_not_taken_for_somebody_whose_name_begins_so() -> None:
    assert _who("@何已离", Somebody(21, "he.yi", "何已", there=True)) == [7]


def test_a_login_goes_before_anothers_name() -> None:
    assert _who("@周启明", SAME) == [12]


def test_one_comment_reaches_so_many_people() -> None:
    crowd = [Somebody(100 + n, f"p{n}", f"人{n}号", there=True) for n in range(MOST + 2)]
    found = _named(" ".join(f"@p{n}" for n in range(MOST + 2)), *crowd)
    assert (len(found.people), found.over) == (MOST, True)
    assert not _named(" ".join(f"@p{n}" for n in range(MOST)), *crowd).over


def test_ten_thousand_signs_cost_little_and_are_told() -> None:
    for text in ("@" * 10_000, "@a" * 5_000, "＠林" * 5_000, "@ " * 5_000, "@" + "林" * 9_999):
        began = perf_counter()
        found = _named(text)
        assert perf_counter() - began < 2
        assert found.mentions == []
        assert found.over == (len(places(text)) > LOOKED_AT)
    assert _named("@a " * 5_000).over


@given(st.text(st.sampled_from("@＠林晓雯张伟ann.\n _e"), max_size=60))
def test_marks_lie_apart_within_the_text_and_say_what_stands_there(text: str) -> None:
    at = 0
    for each in _named(text).mentions:
        assert each.start >= at
        at = each.start + each.length
        assert text[each.start] in "@＠"
        assert text[each.start + 1 : at].lower() in (each.person.name.lower(), each.person.login)
    assert at <= len(text)
    for start in places(text):
        lengths = [len(piece) for piece in names_at(text, start)]
        assert lengths == sorted(lengths, reverse=True)
