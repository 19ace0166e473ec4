"""Lists of dated facts as of a day, on the page, over the API and at the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from tenor.cli.words import as_of
from tenor.kernel import Kernel
from tenor.records.paging import PageQuery
from tenor_sdk.access import FieldRule, RowRule
from tenor_sdk.errors import Invalid
from tenor_sdk.records import as_of as read_as_of
from tenor_sdk.testing import as_actor

from .conftest import SELLER
from .test_dated import FIRST, quote

__all__ = ["quote"]
pytestmark = pytest.mark.both_databases
QUOTES = "/orders/quote"
NEXT = FIRST + timedelta(days=1)
LAST = FIRST + timedelta(days=2)


@pytest.fixture
def told(order: Callable[..., int], quote: Callable[..., int]) -> tuple[int, int, int]:
    """A quote that was corrected the day after, and one that holds from the last day on; their ids."""
    whose = order(100)
    first = quote(whose, issued_on=FIRST)
    corrected = quote(whose, NEXT, supersedes_id=first, issued_on=FIRST)
    later = quote(whose, NEXT, valid_from=LAST)
    return first, corrected, later


@pytest.fixture
def asked(program: Any) -> Callable[[str], list[int]]:
    """The ids that the API gives."""

    def ask(query: str) -> list[int]:
        answer = program(SELLER)("GET", f"{QUOTES}?{query}")
        assert answer.status_code == 200, answer.text
        return sorted(each["id"] for each in answer.json["items"])

    return ask


def test_without_a_day_all_rows_are_there(asked: Any, told: Any) -> None:
    assert asked("") == sorted(told)


def test_what_was_known_on_a_day(asked: Any, told: Any) -> None:
    first, corrected, later = told
    assert asked(f"known_as_of={FIRST}") == [first]
    assert asked(f"known_as_of={NEXT}") == [corrected, later]
    assert asked("known_as_of=today") == [corrected, later]


def test_what_held_and_what_was_given_out_on_a_day(asked: Any, told: Any) -> None:
    first, corrected, later = told
    assert asked(f"valid_as_of={NEXT}") == [corrected]
    assert asked(f"valid_as_of={LAST}") == [corrected, later]
    assert asked(f"issued_as_of={FIRST}") == [corrected]
    assert asked(f"valid_as_of={LAST}&known_as_of={FIRST}") == [first]


def test_it_holds_beside_filters_and_for_the_next_page(program: Any, told: Any) -> None:
    _first, corrected, later = told
    ask, query = program(SELLER), f"{QUOTES}?size=1&known_as_of={NEXT}"
    page = ask("GET", f"{query}&filter=price > 0").json
    assert (page["count"], [each["id"] for each in page["items"]]) == (2, [later])
    following = ask("GET", f"{query}&cursor={ask('GET', query).json['next']}").json
    assert [each["id"] for each in following["items"]] == [corrected]
    # a place in one list is none in another
    moved = ask("GET", f"{QUOTES}?size=1&cursor={ask('GET', query).json['next']}")
    assert moved.json["key"] == "unknown-cursor"


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "1"])
def test_what_is_no_day_is_told(program: Any, told: Any, day: str) -> None:
    answer = program(SELLER)("GET", f"{QUOTES}?known_as_of={day}")
    assert answer.status_code == 422
    assert answer.json["errors"]["known_as_of"]["key"] == "not-a-day"


def test_what_isnt_dated_is_read_as_of_no_day(program: Any, told: Any) -> None:
    answer = program(SELLER)("GET", "/orders/order?known_as_of=2026-03-01")
    assert answer.json["key"] == "unknown-filter"


def test_an_axis_that_a_rule_hides_is_none(
    program: Any, told: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tenor_orders.records import Quote

    rule = FieldRule(fields=(Quote.known_on,), effect="hide")
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, rule])
    institution.access._field_effects.clear()
    answer = program(SELLER)("GET", f"{QUOTES}?known_as_of={FIRST}")
    assert answer.json["key"] == "unknown-filter"
    paths = program(SELLER)("GET", "/openapi.json").json["paths"]
    offered = {each["name"] for each in paths[QUOTES]["get"]["parameters"]}
    assert {"valid_as_of", "issued_as_of"} <= offered
    assert "known_as_of" not in offered


@pytest.mark.parametrize("axis", ["valid_as_of", "issued_as_of", "known_as_of"])
def test_where_corrections_are_hidden_there_is_no_axis(
    program: Any, told: Any, institution: Kernel, monkeypatch: pytest.MonkeyPatch, axis: str
) -> None:
    """Each drops what was corrected, and so tells of it."""
    from tenor_orders.records import Quote

    rule = FieldRule(fields=(Quote.supersedes_id,), effect="hide")
    monkeypatch.setattr(institution.access, "field_rules", [*institution.access.field_rules, rule])
    institution.access._field_effects.clear()
    answer = program(SELLER)("GET", f"{QUOTES}?{axis}={LAST}")
    assert answer.json["key"] == "unknown-filter"


def test_a_fact_that_was_corrected_out_of_sight_does_not_stand(
    asked: Any, told: Any, institution: Kernel
) -> None:
    from tenor_orders.records import Quote

    first, corrected, later = told
    rule = RowRule(record=Quote, allows=lambda _actor: Quote.id != corrected)
    declared = institution.declarations
    institution.access.load(replace(declared, values=[*declared.values, rule]))
    assert asked("") == [first, later]
    assert asked("known_as_of=today") == [later]
    assert asked(f"known_as_of={FIRST}") == [first]


def test_facts_are_read_from_an_alias_but_from_no_statement(institution: Kernel, told: Any) -> None:
    """A statement within the condition that isn't judged would be judged by nobody."""
    from tenor_orders.records import Quote

    _first, corrected, later = told
    plain, hiding = aliased(Quote), aliased(Quote, select(Quote).subquery())
    ctx: Any
    with as_actor(institution, SELLER, write=False) as ctx:
        stood = ctx.session.scalars(read_as_of(plain).order_by(plain.id)).all()
        assert [each.id for each in stood] == [corrected, later]
        with pytest.raises(TypeError, match="plain alias"):
            read_as_of(hiding)


def test_the_page_has_a_place_for_each_day_and_says_which_is_asked(person: Any, told: Any) -> None:
    first, corrected, _later = told
    lin = person(SELLER)
    page = lin.get(f"{QUOTES}?known_as_of={FIRST}")
    for axis in ("valid_as_of", "issued_as_of", "known_as_of"):
        assert f'name="{axis}"' in page
    assert f"已知截至：{FIRST}" in page
    assert f'href="{QUOTES}/{first}"' in page
    assert f'href="{QUOTES}/{corrected}"' not in page


def test_the_command_line_asks_the_same(institution: Kernel, told: Any) -> None:
    first, _corrected, _later = told
    parser = argparse.ArgumentParser()
    as_of(parser)
    assert parser.parse_args([]).as_of == {}
    days = parser.parse_args(["--as-of", f"known={FIRST}", "--as-of", f"valid={LAST}"]).as_of
    ctx: Any
    with as_actor(institution, SELLER, write=False) as ctx:
        kind = institution.records.find("orders", "quote")
        page = institution.records.page(ctx, kind, PageQuery(filters=days))
        assert [each.id for each in page.records] == [first]
        with pytest.raises(Invalid, match="invalid"):
            institution.records.page(ctx, kind, PageQuery(filters={"known_as_of": ["soon"]}))


@pytest.mark.parametrize("given", ["known", "seen=2026-03-01"])
def test_the_command_line_knows_no_other_axis(given: str) -> None:
    parser = argparse.ArgumentParser()
    as_of(parser)
    with pytest.raises(SystemExit):
        parser.parse_args(["--as-of", given])
