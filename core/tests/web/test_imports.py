"""A file of boxes on its way in by the pages: the file, where its columns go, a dry run, and then in earnest."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk import Amount, Rate
from tenor_sdk.testing import as_actor, make_user, run_jobs

UPLOAD = "/vault/box/import"
FILE = "Name,Value,Since\nfirst,12.50,2026-01-05\n,1.00,2026-01-06\nthird,much,2026-01-07\nfourth,3.00,2026-01-08\n"


@pytest.fixture
def lin(person: Any) -> Any:
    return person("lin.xiaowen")


def sent(lin: Any, content: str = FILE, name: str = "boxes.csv", status: int = 303) -> str:
    """Where a file leads that was handed in."""
    form = lin.form(UPLOAD)
    told = {**form, "file": (io.BytesIO(content.encode()), name)}
    answer = lin.client.post(UPLOAD, data=told, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text
    return str(answer.headers.get("Location", answer.text))


def pressed(lin: Any, at: str, what: str, **more: str) -> Any:
    """Press a button of the page of an import."""
    return lin.send(at, {**lin.form(at), "_do": what, **more})


def boxes(kernel: Kernel) -> int:
    """How many there are."""
    from tenor_vault.records import Box

    with as_actor(kernel, "lin.xiaowen", write=False) as ctx:
        return int(ctx.session.scalar(select(func.count(Box.id))) or 0)


def test_a_file_is_looked_through_and_then_taken_in(lin: Any, institution: Kernel) -> None:
    at = sent(lin)
    shown = lin.get(at)
    assert 'name="column-0"' in shown
    pressed(lin, at, "try")
    assert lin.client.get(at).headers["Refresh"]
    run_jobs(institution)
    dry = lin.get(at)
    assert "Refresh" not in lin.client.get(at).headers
    assert ("name" in dry.lower(), boxes(institution)) == (True, 0)
    pressed(lin, at, "take")
    run_jobs(institution)
    assert boxes(institution) == 2
    assert f"{at}/refused" in lin.get(at)
    rows = lin.client.get(f"{at}/refused").data.decode("utf-8-sig").splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["", "third"]


def test_what_was_said_of_columns_is_remembered(lin: Any, institution: Kernel) -> None:
    content = "Kod,Nazwa\n1,first\n"
    at = sent(lin, content)
    pressed(lin, at, "take", **{"column-1": "name"})
    run_jobs(institution)
    assert boxes(institution) == 1
    again = lin.form(sent(lin, content, "other.csv"))
    assert (again["column-0"], again["column-1"]) == ("", "name")


def test_columns_that_cant_be_are_told_beside_what_was_said(lin: Any) -> None:
    at = sent(lin)
    answer = lin.client.post(at, data={**lin.form(at), "_do": "take", "column-0": "nonsense"})
    assert (answer.status_code, "nonsense" in answer.text) == (422, True)


def test_a_file_that_isnt_one_is_refused_in_words(lin: Any) -> None:
    assert 'name="file"' in sent(lin, "\x00\x01", "boxes.xlsx", status=422)


def test_another_persons_import_isnt_there(lin: Any, person: Any, institution: Kernel) -> None:
    at = sent(lin)
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    other = person("appraiser").client
    assert [other.get(f"{at}{more}").status_code for more in ("", "/refused")] == [404, 404]


def test_who_may_make_none_isnt_offered_it(person: Any, institution: Kernel) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    appraiser = person("appraiser")
    assert UPLOAD not in appraiser.get("/vault/box")
    appraiser.get(UPLOAD, 403)


def test_the_list_leads_to_it(lin: Any) -> None:
    assert UPLOAD in lin.get("/vault/box")


def test_beside_each_column_stands_what_is_first_in_it(lin: Any) -> None:
    long = "x" * 200
    shown = lin.get(
        sent(lin, f"Name,Value,Remark\n<b>gold</b>,,\nbars,12.50,{long}\ncoins,3.00,\nscraps,,\n")
    )
    assert "&lt;b&gt;gold&lt;/b&gt; · bars · coins" in shown
    assert "scraps" not in shown
    assert "12.50 · 3.00" in shown
    assert "<b>gold" not in shown
    assert f"{'x' * 39}…" in shown
    assert "x" * 40 not in shown


def test_a_file_that_is_gone_from_the_store_shows_no_samples(lin: Any, institution: Kernel) -> None:
    at = sent(lin)
    for file in Path(institution.settings.files_folder).rglob("*"):
        if file.is_file():
            file.unlink()
    assert 'name="column-0"' in lin.get(at)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_list_that_went_out_with_the_names_of_its_links_comes_in_again(
    person: Any, box: Any, institution: Kernel, form: str
) -> None:
    from tenor_vault.records import Box, Shelf

    ctx: Any
    make_user(
        institution,
        "mei",
        positions=[("relationship-manager", "YZ")],
        unit="YZ",
        roles=["vault.shelver"],
    )
    with as_actor(institution, "mei") as ctx:
        ctx.session.add(Shelf(name="Under the stairs, left"))
        me = ctx.actor.id
    box("mei", name="=bars", kind="gold-bars", value=Amount.of("12.50"), fee=Rate.percent("4.35"),
        since=date(2026, 1, 5), sealed=True, keeper_id=me, shelf_id=1)  # fmt: skip
    file = person("mei").client.get(f"/vault/box/export?format={form}").data
    entry = taken_again(institution, f"boxes.{form}", file, matched_by=["name"])
    assert (entry.refused, entry.unchanged, entry.made) == (0, 1, 0)
    assert {"keeper_id", "shelf_id"} <= set(entry.columns.values())
    with as_actor(institution, "mei") as ctx:
        for each in ctx.session.scalars(select(Box)):
            each.keeper_id = each.shelf_id = None
    entry = taken_again(institution, f"boxes.{form}", file, matched_by=["name"])
    with as_actor(institution, "mei", write=False) as ctx:
        assert ctx.session.execute(select(Box.keeper_id, Box.shelf_id)).one() == (me, 1)


def taken_again(kernel: Kernel, name: str, content: bytes, **said: Any) -> Any:
    """The journal's entry of a file that Mei takes in."""
    file, room = io.BytesIO(content), kernel.imports
    actor = actor_of(kernel, "mei")
    with kernel.context(actor, write=True) as ctx:
        entry = room.propose(ctx, kernel.records.find("vault", "box"), name, file, **said)
        room.begin(ctx, entry, dry=False)
    return room.go(actor, entry.id, file=file)
