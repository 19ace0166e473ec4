"""Each cell of the access matrix as it is written: what lies within its scope may be made, changed and removed, by
session and API, and nothing else. Nothing of it stays: each transaction is undone where it would be committed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import pytest
from flask import Flask

from tenor.db.transaction import Transaction
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor.records.specs import FieldSpec, specs_of
from tenor.views.merge import has_page
from tenor_sdk.errors import NotFound, TenorError
from tenor_sdk.records import Owned, Record
from tests.access.cells import MATRIX, PEOPLE, Holder, Seen, kind_of, scopes_of
from tests.access.scopes import Row

CELLS: Final = [(record, position) for record in MATRIX for position in PEOPLE if MATRIX[record]]
#: what a field of each kind is changed to
CHANGED: Final[dict[str, Any]] = {
    "text": "XYZ", "long-text": "changed", "integer": 7, "boolean": True, "date": date(2026, 6, 2),
}  # fmt: skip
#: of another branch than anybody of the matrix looks after
ELSEWHERE: Final = "shen.bai"
#: who may not is told so
DENIED: Final = frozenset(("not-permitted", "out-of-reach", "not-found"))
#: what nobody does, whatever is granted, and links to what one doesn't see; it may be told before the rights are asked
NOBODYS: Final = frozenset((
    "append-only", "frozen", "custom-choice-in-use", "custom-field-in-use", "custom-field-waits", "still-referred-to",
    "linked-record",
))  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """A cell, and its person."""

    seen: Seen
    record: str
    position: str
    token: str
    app: Flask

    @property
    def kind(self) -> type[Record]:
        return self.seen.record

    def within(self, letter: str) -> set[int]:
        return self.seen.plain(scopes_of(self.record, self.position, letter))

    def sides(self, letter: str) -> Iterator[tuple[Row, bool]]:
        """A row within the scope of a verb, one that may only be read, and one that isn't seen; each with whether it is
        within. Of those about people none that is about this one, which is another administrator's to write."""
        read, written = self.within("R"), self.within(letter)
        others = [row for row in self.seen.rows if row.get("user_id") != self.seen.actor.id]
        unseen = self.seen.ids - read
        for ids, inside in ((written & read, True), (read - written, False), (unseen, False)):
            row = next((row for row in others if row["id"] in ids), None)
            if row is not None:
                yield row, inside

    def ask(self, method: str, rest: str = "", body: Any = None, version: int = 0) -> Any:
        """A request of the API."""
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": f'"{version}"'}
        path = f"/api/v1/{self.kind.__plugin__}/{self.kind.slug()}{rest}"
        return self.app.test_client().open(path, method=method, json=body, headers=headers)


@pytest.fixture
def cell(
    bank: Kernel,
    app: Flask,
    holders: Mapping[str, Holder],
    record: str,
    position: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Cell:
    holder = holders[position]
    end = Transaction._end
    monkeypatch.setattr(Transaction, "_end", lambda self, *, commit: end(self, commit=False))
    seen = Seen(bank, holder.actor, kind_of(bank, record), position)
    return Cell(seen, record, position, holder.token, app)


def refusal(act: Any) -> str:
    """Why something isn't done; empty where it is."""
    try:
        act()
    except TenorError as error:
        return error.key
    return ""


def told_refusal(answer: Any) -> str:
    """The same of an answer of the API."""
    assert answer.status_code < 500, answer.text
    return str(answer.json["key"]) if answer.status_code >= 400 else ""


def fits(refused: str, inside: bool) -> bool:
    """Whether that was to be said: inside no want of a right, outside that or what holds for all."""
    return refused not in DENIED if inside else refused in DENIED | NOBODYS


def writable(kind: type[Record]) -> FieldSpec | None:
    """A field that a form would take, and that has no rule of its own but its type."""
    for spec in specs_of(kind).values():
        info = spec.info
        ruled = spec.target or spec.choices or info.offered or info.pattern or info.check
        plain = not ruled and not spec.readonly and spec.attribute is not None
        if plain and spec.kind in CHANGED:
            return spec
    return None


# -- changes and removals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_session_changes_what_lies_within(cell: Cell) -> None:
    spec = writable(cell.kind)
    if spec is None:  # of links and choices alone
        return
    for row, inside in cell.sides("U"):

        def change(identity: int = row["id"], spec: FieldSpec = spec) -> None:
            with cell.seen.kernel.context(cell.seen.actor, write=True) as ctx:
                found: Any = ctx.session.get(cell.kind, identity)
                if found is None:
                    raise NotFound("not-found")
                setattr(found, spec.key, _other(spec, getattr(found, spec.key)))
                ctx.session.flush()

        refused = refusal(change)
        assert fits(refused, inside), (row["id"], inside, refused)


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_session_removes_what_lies_within(cell: Cell) -> None:
    for row, inside in cell.sides("D"):

        def remove(identity: int = row["id"]) -> None:
            with cell.seen.kernel.context(cell.seen.actor, write=True) as ctx:
                found = ctx.session.get(cell.kind, identity)
                if found is None:
                    raise NotFound("not-found")
                ctx.session.delete(found)
                ctx.session.flush()

        refused = refusal(remove)
        assert fits(refused, inside), (row["id"], inside, refused)


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_api_changes_and_removes_what_lies_within(cell: Cell) -> None:
    spec = writable(cell.kind)
    reached = has_page(cell.kind)
    for row, inside in cell.sides("U"):
        if spec is not None:
            value = CHANGED[spec.kind]
            body = {spec.key: value.isoformat() if isinstance(value, date) else value}
            answer = cell.ask("PATCH", f"/{row['id']}", body, row["version"])
            assert fits(told_refusal(answer), inside and reached), answer.text
    for row, inside in cell.sides("D"):
        answer = cell.ask("DELETE", f"/{row['id']}", version=row["version"])
        assert fits(told_refusal(answer), inside and reached), answer.text


# -- what is made -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_session_makes_what_lies_within(cell: Cell) -> None:
    for place, inside in _places(cell):

        def make(place: dict[str, Any] = place) -> None:
            with cell.seen.kernel.context(cell.seen.actor, write=True) as ctx:
                ctx.session.add(cell.kind(**_like(cell, place)))
                ctx.session.flush()

        refused = refusal(make)
        assert fits(refused, inside), (place, refused)


@pytest.mark.parametrize(("record", "position"), CELLS)
def test_the_api_makes_nothing_without_a_grant(cell: Cell) -> None:
    """That what is made lies within is the session's to say: what isn't valid is told before."""
    answer = cell.ask("POST", body={})
    granted = bool(scopes_of(cell.record, cell.position, "C")) and has_page(cell.kind)
    assert fits(told_refusal(answer), granted), answer.text


def _places(cell: Cell) -> Iterator[tuple[dict[str, Any], bool]]:
    """Where a new one would lie: at the person's, and at somebody's of another branch."""
    scopes = scopes_of(cell.record, cell.position, "C")
    if not issubclass(cell.kind, Owned):
        yield {}, bool(scopes)
        return
    other = actor_of(cell.seen.kernel, ELSEWHERE)
    for whose in (cell.seen.actor, other):
        place = {"unit_id": whose.unit_id, "owner_id": whose.id}
        yield place, any(cell.seen._within(scope, place) for scope in scopes)


def _like(cell: Cell, place: dict[str, Any]) -> dict[str, Any]:
    """The values of a row that is there, as far as somebody may give them; in the place that is asked about."""
    seen, rows = cell.within("R"), cell.seen.rows
    row: Row = next((row for row in rows if row["id"] in seen), rows[0] if rows else {})
    given = {
        spec.key: row[spec.key]
        for spec in specs_of(cell.kind).values()
        if spec.attribute is not None and not spec.readonly and row.get(spec.key) is not None
    }
    return {**given, **place}


def _other(spec: FieldSpec, value: Any) -> Any:
    changed = CHANGED[spec.kind]
    return (not value) if spec.kind == "boolean" else changed
