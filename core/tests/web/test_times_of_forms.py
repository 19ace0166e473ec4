"""Times in forms: what nobody touched stays as it is, to the part of a second."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from core.tests.web.circle import LIN, Circle
from tenor.kernel import Kernel
from tenor.records.specs import FieldSpec
from tenor.testing.browsing import Person
from tenor.web.typed import read_lines
from tenor_sdk.testing import as_actor

pytestmark = pytest.mark.both_databases
EDIT = "/circles/stake/1/edit"
INSTANT = datetime(2026, 6, 1, 3, 4, 56, 789000, tzinfo=UTC)
#: the second half past one of a night in which the clocks of Shanghai were put back
AGAIN = datetime(1991, 9, 14, 17, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def plugins(circles: str) -> tuple[str, ...]:
    return (circles,)


def agreed(institution: Kernel) -> tuple[datetime, int]:
    from tenor_circles import Stake

    with as_actor(institution, LIN) as ctx:
        found = ctx.session.get_one(Stake, 1)
        return found.agreed_at, found.version


@pytest.mark.parametrize("at", [INSTANT, INSTANT.replace(second=0), AGAIN])
def test_a_time_that_nobody_touched_stays_as_it_is(
    institution: Kernel, person: Callable[[str], Person], circle: Circle, at: datetime
) -> None:
    circle.stake("Hai", "Shan", at=at)
    lin = person(LIN)
    lin.send(EDIT, lin.form(EDIT))
    assert agreed(institution) == (at, 1)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2026-06-01 11:04", INSTANT.replace(second=0, microsecond=0)),
        ("2026-06-01 11:04:57", INSTANT.replace(second=57, microsecond=0)),
    ],
)
def test_a_time_that_was_typed_is_kept_as_typed(
    institution: Kernel, person: Callable[[str], Person], circle: Circle, typed: str, kept: datetime
) -> None:
    circle.stake("Hai", "Shan", at=INSTANT)
    lin = person(LIN)
    lin.send(EDIT, {**lin.form(EDIT), "agreed_at": typed})
    assert agreed(institution) == (kept, 2)


def test_seconds_that_were_typed_stand_in_the_form_again(
    person: Callable[[str], Person], circle: Circle
) -> None:
    circle.stake("Hai", "Shan", at=INSTANT)
    lin = person(LIN)
    form = lin.form(EDIT)
    assert form["agreed_at"] == "2026-06-01 11:04:56"
    refused = lin.send(EDIT, {**form, "agreed_at": "2026-06-01 11:04:57", "share": "a lot"}, 422)
    assert Person.read(refused.text, EDIT)["agreed_at"] == "2026-06-01 11:04:57"


def test_a_time_beyond_all_that_there_are_stands_in_the_form_again(
    person: Callable[[str], Person], circle: Circle
) -> None:
    circle.stake("Hai", "Shan", at=INSTANT)
    lin = person(LIN)
    last = "9999-12-31T23:59:59-05:00"
    refused = lin.send(EDIT, {**lin.form(EDIT), "agreed_at": last}, 422)
    assert Person.read(refused.text, EDIT)["agreed_at"] == last
    lin.send(EDIT, {**lin.form(EDIT), "_base": json.dumps({"agreed_at": last})})


def test_nobody_is_asked_about_a_time_that_neither_of_two_touched(
    institution: Kernel, person: Callable[[str], Person], circle: Circle
) -> None:
    circle.stake("Hai", "Shan", "10", at=INSTANT)
    lin = person(LIN)
    form = lin.form(EDIT)
    lin.send(EDIT, {**form, "share": "20", "_once": "another"})
    asked = lin.send(EDIT, {**form, "share": "30"}, 409).text
    assert 'name="choose-share"' in asked
    assert 'name="choose-agreed_at"' not in asked


def test_a_line_keeps_its_time_likewise(institution: Kernel) -> None:
    spec = FieldSpec(key="at", plugin="circles", label="At", kind="time")
    sent = {"rows-count": "2", "rows-0-id": "7", "rows-1-id": "8"}
    sent |= {f"rows-{place}-at": "2026-06-01 11:04:56" for place in range(2)}
    base = {"rows[]": [{"id": "7", "at": INSTANT.isoformat()}]}
    rows: Any = read_lines(MultiDict(sent), {}, "rows", [spec], institution, base)
    assert [row["at"] for row in rows] == [INSTANT.isoformat(), "2026-06-01T11:04:56+08:00"]
