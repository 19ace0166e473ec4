"""Texts that are longer or turned otherwise than anybody thought: cut where there is little room, whole where they are
read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor.web.templating import environment
from tenor.web.turning import straight

LIN = "lin.xiaowen"
LONG = "长" * 79
#: an override that nobody ends
TURNED = "abc\u202edef"


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


@pytest.mark.parametrize("mark", ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067"])
def test_marks_that_turn_a_line_are_left_out(mark: str) -> None:
    assert straight(f"前{mark}后") == "前后"


def test_letters_that_run_the_other_way_and_joined_signs_stay() -> None:
    for text in ("שלום", "عربي", "\u200f(عربي)", "👩\u200d👧", "𬭸"):
        assert straight(text) == text


def test_no_page_shows_a_mark_that_turns_it(lin: Any, box: Any) -> None:
    one = box(name=TURNED, remark=TURNED)
    box(name=TURNED)
    for path in ("/vault/box", f"/vault/box/{one}", "/search?q=abc", "/vault/box?look=board"):
        page = lin.get(path)
        assert "abcdef" in page, path
        assert "\u202e" not in page, path


def test_a_form_keeps_what_stands_there(lin: Any, box: Any) -> None:
    one = box(name="a box", remark=LONG * 20)
    assert LONG * 20 in lin.get(f"/vault/box/{one}/edit")


def test_a_long_name_is_whole_in_the_title_of_its_row_and_on_its_page(lin: Any, box: Any) -> None:
    one = box(name=LONG)
    assert f'title="{LONG}"' in lin.get("/vault/box")
    page = lin.get(f"/vault/box/{one}")
    assert re.search(f'<dd><span class="t-clip" title="{LONG}">{LONG}</span></dd>', page)


def test_a_comment_of_pages_begins_and_opens(lin: Any, box: Any) -> None:
    one = box(name="a box")
    for text in ("short", LONG * 13):
        lin.press(f"/vault/box/{one}", f"/vault/box/{one}/comments", text=text)
    page = lin.get(f"/vault/box/{one}")
    assert re.search(r'<div class="t-said">short</div>', page)
    folded = re.search(
        r'(?s)<details class="t-said"><summary>(.*?)…</summary>(.*?)</details>', page
    )
    assert folded
    assert (len(folded[1]), folded[2]) == (280, LONG * 13)


def test_a_files_name_takes_no_more_of_a_timeline_than_its_lines_show(institution: Kernel) -> None:
    """A page with names of 10,000 characters was laid out for seconds."""
    name = f"{'W' * 10_000}.pdf"
    template = environment(institution).from_string(
        '{% import "parts/timeline.html" as parts with context %}{{ parts.entry(e) }}'
    )
    html = template.render(e={"who": "", "files": [{"text": name, "href": "/files/1"}]})
    assert f'title="{name}"' in html
    assert f"{'W' * 300}</a>" in html
    assert html.count("W") == 10_300
