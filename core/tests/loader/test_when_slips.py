"""Conditions of fields that can't be asked or kept to: each is told with its line when its plugin is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.tests.loader.test_slips import cause_of

if TYPE_CHECKING:
    from pathlib import Path

    from core.tests.loader.conftest import Shelf

RECORDS = """
from sqlalchemy.orm import Mapped
from tenor_sdk import Record, field
from tenor_sdk.records import state_field


class Slip(Record):
    name: Mapped[str] = field()
    note: Mapped[str | None] = field()
    done: Mapped[bool] = field(default=False)
    state: Mapped[str] = state_field("draft")


class Other(Record):
    told: Mapped[bool] = field(default=False)
"""
HEAD = """\
from tenor_sdk import FormView, Section
from tenor_sdk.conditions import When
from tenor_sdk.views import Only
from tenor_slips.records import Other, Slip
"""
#: for each the line that it stands on and what is said about it
SLIPS = {
    "a condition that names nothing": (
        "w = When(Slip, 'nmae == \"x\"', visible=(Slip.note,))",
        "expression-unknown-name (name=nmae, line=1, column=1)",
    ),
    "a condition of a link's fields": (
        "w = When(Slip, 'parent.name == \"x\"', visible=(Slip.note,))", "expression-unknown-name",
    ),
    "a condition of another record's": ("w = When(Slip, 'told', visible=(Slip.note,))", "unknown-name"),
    "a condition of types that don't go together": (
        "w = When(Slip, 'name > 5', visible=(Slip.note,))", "expression-types",
    ),
    "a condition that is no condition": ("w = When(Slip, 'name', visible=(Slip.note,))", "gives a text, not a truth"),
    "a condition that isn't the language's": (
        "w = When(Slip, '[1, 2].all(x, x > 0)', visible=(Slip.note,))", "is no condition: expression-",
    ),
    "a condition that is too long": (
        "w = When(Slip, 'name == \"x\"' + ' || name == \"x\"' * 200, visible=(Slip.note,))", "expression-too-long",
    ),
    "a condition of a pattern": ("w = When(Slip, 'name.matches(\"(a+)+b\")', visible=(Slip.note,))", "expression-"),
    "a condition about nothing": ("w = When(Slip, 'name == \"x\"')", "is about no field"),
    "a condition about another's field": (
        "w = When(Slip, 'name == \"x\"', visible=(Other.told,))", "Other.told is no field of Slip",
    ),
    "a condition about what it names": (
        "w = When(Slip, 'has(note)', required=(Slip.note,))", "note would go by itself",
    ),
    "a state that is asked for": (
        "w = When(Slip, 'name == \"x\"', required=(Slip.state,))", "state can't be required",
    ),
    "a yes or no that is asked for": (
        "w = When(Slip, 'name == \"x\"', required=(Slip.done,))", "a yes or no is never empty",
    ),
    "what is asked for and can't be given": (
        "w = When(Slip, 'name == \"x\"', required=(Slip.note,), read_only=(Slip.note,))",
        "required and read-only at once",
    ),
    "what is asked for on no page": (
        "w = When(Slip, 'name == \"x\"', required=(Slip.note,)); f = FormView(Slip, Section('S', Slip.name))",
        "no section of the page has note",
    ),
    "what goes by two rules": (
        (
            "w = When(Slip, 'name == \"x\"', visible=(Slip.note,)); f = FormView(Slip, "
            "Section('S', Slip.name, Slip.note), only=(Only(Slip.name, ('x',), Slip.note),))"
        ),
        "note goes by this condition and by an Only",
    ),
    "a condition on another plugin's record": (
        "from tenor.access.records import User; w = When(User, 'name == \"x\"', visible=(User.email,))",
        "User is a record of base",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_condition_that_doesnt_hold_is_told_with_its_line(
    shelf: Shelf, database: str, tmp_path: Path, name: str
) -> None:
    line, said = SLIPS[name]
    files = {"records.py": RECORDS, "views.py": HEAD + line + "\n"}
    cause = cause_of(shelf, database, tmp_path, files)
    assert said in cause
    assert "views.py:5: " in cause
