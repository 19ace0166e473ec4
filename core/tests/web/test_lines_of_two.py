"""Two people at one record's lines: who comes second is told, and nothing of the first's is lost."""

from __future__ import annotations

from typing import Any

import pytest

from core.tests.web.own_fields import acting
from core.tests.web.test_api import Programs, program
from tenor.kernel import Kernel

__all__ = ["program"]
pytestmark = pytest.mark.both_databases
BOX = "/vault/box/1"


@pytest.fixture
def lin(program: Programs) -> Any:
    """A program, and a box with a ring that it made."""
    asked = program("lin.xiaowen")
    made = asked("POST", "/vault/box", {"name": "a box", "items": [{"what": "ring"}]})
    assert made.status_code == 201, made.text
    return asked


def whats(lin: Any) -> list[str]:
    return [item["what"] for item in lin("GET", BOX).json["items"]]


def test_a_line_that_another_added_meanwhile_is_not_taken_away(lin: Any) -> None:
    read = lin("GET", BOX).json
    ring = read["items"][0]["id"]
    theirs = lin("PATCH", BOX, {"items": [{"id": ring}, {"what": "necklace"}]}, If_Match='"1"')
    assert (theirs.status_code, theirs.json["version"]) == (200, 2)
    mine = lin("PATCH", BOX, {"items": [{"id": ring, "what": "gold ring"}]}, If_Match='"1"')
    assert (mine.status_code, mine.json["key"]) == (409, "changed-since")
    assert whats(lin) == ["ring", "necklace"]


@pytest.mark.parametrize(
    "change",
    [
        lambda ring: [{"id": ring, "pieces": 5}],
        lambda ring: [],
        lambda ring: [{"id": ring}, {"what": "coin"}],
    ],
    ids=["changed", "removed", "added"],
)
def test_whatever_becomes_of_a_line_moves_the_version_of_its_whole(lin: Any, change: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    answer = lin("PATCH", BOX, {"items": change(ring)}, If_Match='"1"')
    assert (answer.json["version"], lin("GET", BOX).json["version"]) == (2, 2)


def test_lines_that_are_as_they_were_move_nothing(lin: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]
    same = {"id": ring["id"], "what": "ring", "pieces": 1, "version": 1}
    assert lin("PATCH", BOX, {"items": [same]}, If_Match='"1"').json["version"] == 1


def test_the_entry_of_the_whole_says_which_lines_and_is_one_with_its_fields(lin: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    body = {"name": "renamed", "items": [{"id": ring, "pieces": 2}, {"what": "coin"}]}
    changed = lin("PATCH", BOX, body, If_Match='"1"').json
    coin = changed["items"][1]["id"]
    newest, first = lin("GET", f"{BOX}/history").json["items"]
    assert (newest["kind"], first["kind"]) == ("update", "create")
    assert newest["changes"] == {
        "items": [None, {"added": [coin], "changed": [ring]}],
        "name": ["a box", "renamed"],
    }


def test_a_line_that_is_changed_by_itself_moves_the_version_of_a_whole_that_is_not_at_hand(
    lin: Any, institution: Kernel
) -> None:
    from tenor_vault.records import Item

    with acting(institution, "lin.xiaowen") as ctx:
        ctx.session.get_one(Item, 1).pieces = 9
    assert lin("GET", BOX).json["version"] == 2
    assert lin("GET", f"{BOX}/history").json["items"][0]["changes"] == {
        "items": [None, {"changed": [1]}]
    }


def test_what_is_made_with_its_lines_begins_with_version_one(lin: Any, institution: Kernel) -> None:
    from tenor_vault.records import Box, Item

    with acting(institution, "lin.xiaowen") as ctx:
        made = Box(name="later", unit_id=ctx.actor.unit_id, owner_id=ctx.actor.id)
        ctx.session.add(made)
        ctx.session.flush()
        made.items = [Item(what="late")]
        ctx.session.flush()
        assert made.version == 1


def test_a_line_of_another_s_is_not_taken_over(lin: Any) -> None:
    other = lin("POST", "/vault/box", {"name": "other", "items": []}).json["id"]
    ring = lin("GET", BOX).json["items"][0]["id"]
    stolen = {"items": [{"id": ring, "what": "stolen"}]}
    answer = lin("PATCH", f"/vault/box/{other}", stolen, If_Match='"1"')
    assert answer.status_code == 422
    assert {name: one["key"] for name, one in answer.json["errors"].items()} == {
        "items.0.id": "not-found"
    }
    assert lin("GET", f"/vault/box/{other}").json["items"] == []


def test_a_line_s_own_version_counts(lin: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    assert lin("PATCH", BOX, {"items": [{"id": ring, "pieces": 5}]}, If_Match='"1"').json
    late = {"items": [{"id": ring, "version": 1, "pieces": 7}]}
    answer = lin("PATCH", BOX, late, If_Match='"2"')
    assert (answer.status_code, answer.json["key"]) == (409, "changed-since")


def test_an_id_in_another_system_moves_the_version(lin: Any) -> None:
    first = lin("PATCH", BOX, {"external_ids": {"core": "1", "crm": "2"}}, If_Match='"1"')
    assert (first.status_code, first.json["version"]) == (200, 2)
    late = lin("PATCH", BOX, {"external_ids": {"core": "3"}}, If_Match='"1"')
    assert late.status_code == 409
    newest = lin("GET", f"{BOX}/history").json["items"][0]
    assert newest["changes"] == {"external_ids": [None, ["core", "crm"]]}


def test_a_conflict_says_what_became_of_the_lines(lin: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    lin("PATCH", BOX, {"items": [{"id": ring}, {"what": "necklace"}]}, If_Match='"1"')
    wanted = [{"id": ring, "what": "gold ring"}]
    told = lin("PATCH", BOX, {"items": wanted}, If_Match='"1"').json["conflict"]
    items = told["fields"]["items"]
    assert [one["what"] for one in items["theirs"]] == ["ring", "necklace"]
    assert items["mine"] == wanted
    assert items["since"] == {"added": [items["theirs"][1]["id"]]}


def test_a_form_that_only_renames_takes_no_line_away_and_offers_both(lin: Any, person: Any) -> None:
    page = person("lin.xiaowen")
    ring = lin("GET", BOX).json["items"][0]["id"]
    fields = page.form(f"{BOX}/edit")
    lin("PATCH", BOX, {"items": [{"id": ring}, {"what": "necklace"}]}, If_Match='"1"')
    late = page.send(f"{BOX}/edit", {**fields, "name": "renamed"}, 409)
    assert "necklace" in late.text
    kept = page.read(late.text, f"{BOX}/edit")
    page.send(f"{BOX}/edit", {**kept, "choose-name": "mine", "choose-items[]": "theirs"})
    assert lin("GET", BOX).json["name"] == "renamed"
    assert whats(lin) == ["ring", "necklace"]


@pytest.mark.parametrize("given", [0, False, "", "ring", {}])
def test_what_is_no_list_of_lines_takes_none_away(lin: Any, given: Any) -> None:
    answer = lin("PATCH", BOX, {"items": given}, If_Match='"1"')
    assert (answer.status_code, answer.json["errors"]["items"]["key"]) == (422, "not-an-object")
    assert whats(lin) == ["ring"]


@pytest.mark.parametrize("sent", ["5", "[1]", "{}", "[" * 100_000])
@pytest.mark.parametrize("odd", [("_base",), ("mine-items[]", "choose-items[]")])
def test_what_a_form_holds_that_is_no_list_takes_none_away(
    lin: Any, person: Any, sent: str, odd: tuple[str, ...]
) -> None:
    page = person("lin.xiaowen")
    fields = page.form(f"{BOX}/edit")
    page.send(f"{BOX}/edit", {**fields, **dict.fromkeys(odd, "mine"), odd[0]: sent})
    assert whats(lin) == ["ring"]


def test_a_line_that_is_named_twice_is_refused_the_second_time(lin: Any) -> None:
    """Else what its second row says would be written over the first, and it would be shown twice."""
    ring = lin("GET", BOX).json["items"][0]["id"]
    twice = [{"id": ring, "what": "gold ring"}, {"id": ring, "what": "silver ring"}]
    answer = lin("PATCH", BOX, {"items": twice}, If_Match='"1"')
    assert (answer.status_code, answer.json["errors"]["items.1.id"]["key"]) == (422, "not-found")
    assert whats(lin) == ["ring"]


@pytest.mark.parametrize("version", ["x", -1, [1], "0"])
def test_a_version_of_a_line_that_is_none_isnt_passed_over(lin: Any, version: Any) -> None:
    ring = lin("GET", BOX).json["items"][0]["id"]
    line = {"id": ring, "what": "gold ring", "version": version}
    answer = lin("PATCH", BOX, {"items": [line]}, If_Match='"1"')
    assert (answer.status_code, answer.json["key"]) == (409, "changed-since")
    assert whats(lin) == ["ring"]
