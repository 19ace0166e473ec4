"""What the ledger's page says of an export: by what it was narrowed, in words, and nothing where it was by nothing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from tenor.kernel import Kernel
from tenor_sdk.testing import as_actor

LIST = "/vault/box"


def told(person: Any, **asked: str) -> str:
    """The ledger's page after a list went out, narrowed by what an address says."""
    person("lin.xiaowen").client.get(f"{LIST}/export?{urlencode({'format': 'csv', **asked})}")
    page: str = person("song.qing").get("/audit?kind=export")
    return page


def test_of_a_list_that_wasnt_narrowed_nothing_is_said(person: Any, institution: Kernel) -> None:
    page = told(person)
    assert "筛选条件" not in page
    assert "{}" not in page
    ctx: Any
    with as_actor(institution, "song.qing", write=False) as ctx:
        (noted,) = institution.audit.search(ctx, kind="export")
    assert sorted(noted.changes) == ["fields", "format", "of", "rows"]


def test_records_and_fields_are_told_by_their_names(person: Any) -> None:
    page = told(person)
    row = page[page.index("<tbody>") :]
    assert "Insured value；Fee a year" in row
    assert "；Shelf；" in row
    assert "vault_box" not in row


def test_filters_are_told_in_words(person: Any) -> None:
    page = told(person, kind="gold-bars", value__from="500", q="name !~ scrap")
    assert page.count("筛选条件") == 1
    assert "500" in page
    assert "scrap" in page
    assert "value__from" not in page
    assert "gold-bars" not in page


def test_filters_that_nobody_understands_any_more_are_told_as_they_were_written(
    person: Any, institution: Kernel
) -> None:
    ctx: Any
    with as_actor(institution, "lin.xiaowen") as ctx:
        said: dict[str, Any] = {
            "filter": "colour = red",
            "filters": {"size__from": ["3"]},
            "search": "",
        }
        institution.audit.note(ctx, "export", of="vault_box", format="csv", **said)
    page = person("song.qing").get("/audit?kind=export")
    assert "colour = red" in page
    assert "size__from" in page
