"""The search on top of every page, in lists, pickers and over REST."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tenor.kernel import Kernel
from tenor.loader.stage import actor_of

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"


@pytest.fixture
def boxes(box: Any) -> None:
    box(name="泽远水泥", items=["ring"])
    box(name="泽远钢铁")
    box("shen.bai", name="泽远秘密")


@pytest.mark.usefixtures("boxes")
def test_a_name_is_found_by_its_sound_and_opened_where_it_is_the_only_one(person: Any) -> None:
    lin = person(LIN)
    assert lin.client.get("/search?q=zysn").headers["Location"] == "/vault/box/1"
    page = lin.get("/search?q=zeyuan")
    assert page.index("泽远钢铁") < page.index("泽远水泥")
    assert "泽远秘密" not in page


@pytest.mark.usefixtures("boxes")
def test_lists_and_pickers_look_for_the_same(person: Any) -> None:
    lin = person(LIN)
    assert "泽远水泥" in lin.get("/vault/box?q=shuini")
    picked = lin.client.get("/vault/box/suggest?q=gangtie").json
    assert picked == [{"value": "2", "label": "BOX-002"}]
    assert [each["label"] for each in lin.client.get("/base/user/suggest?q=zqm").json] == ["周启明"]


@pytest.mark.usefixtures("boxes")
def test_a_program_searches_within_the_same_rows(app: Flask, institution: Kernel) -> None:
    token = institution.identity.create_token(actor_of(institution, LIN), "test")

    def ask(**query: str) -> Any:
        headers = {"Authorization": f"Bearer {token}"}
        return app.test_client().get("/api/v1/search", query_string=query, headers=headers)

    answer = ask(q="泽远", size="1").json
    assert answer == {
        "items": [
            {
                "record": "vault.box",
                "more": True,
                "found": [{"id": 2, "name": "BOX-002", "_href": "/api/v1/vault/box/2"}],
            }
        ]
    }
    assert ask(q="泽远秘密").json == {"items": []} == ask().json
    assert (ask(q="水" * 2001).status_code, ask(q="x", size="51").status_code) == (422, 422)


@pytest.mark.usefixtures("boxes")
def test_ten_thousand_letters_are_no_fault(person: Any) -> None:
    assert "没有找到" in person(LIN).get("/search?q=" + "x" * 10_000)
