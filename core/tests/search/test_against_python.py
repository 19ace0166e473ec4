"""What a search finds is what plain Python finds among the rows that the session shows."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tenor.kernel import Kernel
from tenor.search import room
from tenor.search.keys import document, wanted
from tenor_sdk.testing import as_actor
from tenor_test_support.examples import examples

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
#: of one sound each, whatever stands beside them
SOUNDS: Mapping[str, str] = {"水": "shui", "泥": "ni", "钢": "gang", "铁": "tie", "海": "hai"}
PIECES = (*SOUNDS, "水泥", "钢铁", " ", "-", "ab", "abc", "7", "07", "Ａ")
texts = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
typed_texts = st.one_of(
    texts,
    st.lists(st.sampled_from((*SOUNDS.values(), "sn", "s", "gt", "n7", "h", *PIECES)), max_size=3).map("".join),
    st.text(max_size=8),
)  # fmt: skip


def plain(text: str) -> list[str]:
    """Runs of Chinese characters and words; full width and capitals apart."""
    return re.findall(r"[水泥钢铁海]+|[a-z0-9]+", text.replace("Ａ", "A").lower())


def fits(typed: list[str], value: str) -> list[bool]:
    """For each piece of what was typed whether a value meets it."""
    pieces = plain(value)
    units = [unit for piece in pieces for unit in (piece if piece[0] in SOUNDS else [piece])]
    spoken = [SOUNDS.get(unit, unit) for unit in units]
    begins = [piece for piece in pieces if piece[0] not in SOUNDS]
    begins += [piece.lstrip("0") or "0" for piece in begins]
    if len(begins) > 2 and not any(piece[0] in SOUNDS for piece in pieces):
        begins.append("".join(pieces))
    within: list[str] = []
    for place, unit in enumerate(units):
        if unit in SOUNDS:
            heard = within if place else begins
            heard.append("".join(spoken[place:]))
            heard.append("".join(each[0] for each in spoken[place:]))
    return [_meets(piece, pieces, begins, within) for piece in typed]


def _meets(piece: str, pieces: list[str], begins: list[str], within: list[str]) -> bool:
    if piece[0] in SOUNDS:
        pairs = [piece[at : at + 2] for at in range(len(piece) - 1)] or [piece]
        han = [
            (before, after)
            for before, after in pairwise(pieces)
            if {before[0], after[0]} <= {*SOUNDS}
        ]
        there = [*pieces, *(before[-1] + after[0] for before, after in han)]
        return all(any(pair in own for own in there) for pair in pairs)
    if len(piece) == 1 and not piece.isalpha():
        return piece in (*begins, *within)
    # one letter is that of a word or of the whole, not that of a character within
    heard = [*begins, *(within if len(piece) > 1 else ())]
    return any(each.startswith(piece) for each in heard)


@pytest.mark.parametrize(
    "common", [5000, 0]
)  # whether PostgreSQL takes every word for a common one
@pytest.mark.parametrize("most", [2, 200])
@pytest.mark.hypothesis
def test_a_search_finds_what_python_finds_among_what_is_shown(
    institution: Kernel, keep: Any, head: str, monkeypatch: pytest.MonkeyPatch, most: int, common: int
) -> None:  # fmt: skip
    from tenor_registry import Company, CompanyTag

    monkeypatch.setattr(room, "_COMMON", common)
    monkeypatch.setattr(room, "_ENOUGH", 2)
    for name in ("_CANDIDATES", "_FURTHER", "_RARE", "_NEWEST"):
        monkeypatch.setattr(room, name, most)
    chance = random.Random(7)  # noqa: S311 -- no secret

    def text() -> str:
        return "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 6)))

    ids = keep(*(Company(name=text(), code=text(), rumour=text()) for _ in range(60)))
    keep(*(CompanyTag(id=each, tag=text()) for each in ids[::3]))
    keep(*(Company(name=text(), code=text()) for _ in range(20)), of=head)

    @settings(max_examples=examples(60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(typed_texts)
    def compare(typed: str) -> None:
        pieces = plain(typed)
        ctx: Any
        with as_actor(institution, LIN, write=False) as ctx:
            found = institution.search.find(ctx, Company, typed, 100)
            tags = {each.id: each.tag for each in ctx.session.scalars(select(CompanyTag))}
            expected = set()
            for each in ctx.session.scalars(select(Company)):
                values = (each.name, each.code, each.number, tags.get(each.id, ""))
                met = [fits(pieces, value) for value in values]
                if pieces and all(any(column) for column in zip(*met, strict=True)):
                    expected.add(each.id)
        if set(typed) <= set("".join((*PIECES, *SOUNDS.values(), "sngh"))):
            assert set(found.ids) == expected
        assert len(found.ids) == len(set(found.ids))

    compare()


@given(st.text(max_size=60), st.text(max_size=20))
def test_any_text_has_keys_and_finds_itself(text: str, other: str) -> None:
    kept = document([("slot1", f"{other} {text}", True)])
    assert kept == "" or re.fullmatch(r"( slot1:\S+)+ ", kept)
    asked = wanted(text)
    if asked is not None:
        from tenor.search.asking import meets

        assert meets(kept, asked, ["slot1"])
