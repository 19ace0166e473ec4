"""What is erased of a record isn't told by saved filters either, by their names or by what they narrow by."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode

import pytest
from sqlalchemy import select

from core.tests.web.test_saved_filters import LIN, save
from tenor.events.rows import table_of
from tenor.kernel import Kernel
from tenor.views.records import SavedFilter
from tenor_test_support.erasing import carried_out, decided_unseen, let_two_erase, places_of

pytestmark = pytest.mark.both_databases
TOLD = "欧阳锦瑟 6222021234567890"
SHORT = "欧"


@pytest.fixture(autouse=True)
def two(institution: Kernel) -> None:
    let_two_erase(institution)


def kept(institution: Kernel) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filters that are left: their names, and what they narrow by."""
    with institution.db.raw(write=False) as connection:
        named = select(SavedFilter.name, SavedFilter.query).order_by(SavedFilter.id)
        return [(row.name, parse_qsl(row.query)) for row in connection.execute(named)]


def erased(institution: Kernel, identity: int) -> None:
    decided_unseen(institution, "vault_box", identity, "name")
    carried_out(institution)


def test_a_text_goes_from_whatever_filter_says_it_and_from_the_ledger(
    person: Any, box: Any, institution: Kernel
) -> None:
    named, lin = box(name=TOLD), person(LIN)
    save(lin, TOLD, urlencode({"q": TOLD}))
    save(lin, "by name", urlencode({"filter": f'name = "{TOLD}" and kind = papers'}))
    save(lin, "others", urlencode({"filter": "kind = papers"}))
    erased(institution, named)
    assert kept(institution) == [
        ("…", [("q", "…")]),
        ("by name", [("filter", "name = … and kind = papers")]),
        ("others", [("filter", "kind = papers")]),
    ]
    assert places_of(institution, TOLD, quote_plus(TOLD)) == set()
    assert institution.audit.verify().findings == ()


def test_a_text_that_may_be_anybodys_goes_where_the_filter_is_about_that_field(
    person: Any, box: Any, institution: Kernel
) -> None:
    named, lin = box(name=SHORT), person(LIN)
    save(lin, f"{SHORT}阳区", urlencode({"filter": f"name ~ {SHORT}阳"}))
    save(lin, SHORT, urlencode({"filter": f"not (name = {SHORT} or remark = {SHORT})"}))
    erased(institution, named)
    assert kept(institution) == [
        (f"{SHORT}阳区", [("filter", f"name ~ {SHORT}阳")]),
        ("…", [("filter", f"not (name = … or remark = {SHORT})")]),
    ]


def test_two_filters_of_one_person_that_lose_their_names_keep_apart(
    person: Any, box: Any, institution: Kernel
) -> None:
    first, second, lin = box(name=TOLD), box(name=f"{TOLD} two"), person(LIN)
    save(lin, TOLD)
    save(lin, f"{TOLD} two")
    erased(institution, second)
    erased(institution, first)
    assert [name for name, _query in kept(institution)] == ["… 2", "…"]


def test_a_filter_that_was_removed_is_erased_in_the_ledger_as_well(
    person: Any, box: Any, institution: Kernel
) -> None:
    named, lin = box(name=TOLD), person(LIN)
    save(lin, TOLD, urlencode({"q": TOLD}))
    with institution.db.raw() as connection:
        connection.execute(table_of(SavedFilter).delete())
    erased(institution, named)
    assert places_of(institution, TOLD, quote_plus(TOLD)) == set()
