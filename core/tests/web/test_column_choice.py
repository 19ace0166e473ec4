"""The columns of a list: a person's own choice and order, without script; an address can bring others."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tenor.kernel import Kernel
from tenor_sdk.testing import make_user

pytestmark = pytest.mark.both_databases

LIN = "lin.xiaowen"
LIST = "/vault/box"
PAGE = f"{LIST}/columns"


@pytest.fixture(autouse=True)
def boxes(box: Any) -> None:
    box(name="deeds", remark="in the corner")
    box("shen.bai", name="another's")


def heads(html: str) -> list[str]:
    """What stands above the columns."""
    row = html.partition("<thead>")[2].partition("</thead>")[0]
    cells = re.findall(r"(?s)<th scope=\"col\".*?>(.*?)</th>", row)
    return [re.sub(r"（.*|↑|↓", "", re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def offered(html: str) -> list[tuple[str, bool]]:
    """The keys of the page's columns, and whether each is chosen."""
    found = re.findall(r'<input type="checkbox"[^>]*name="column" value="([^"]+)"( checked)?', html)
    return [(key, bool(on)) for key, on in found]


def choose(person: Any, *keys: str, do: str = "keep", path: str = PAGE, status: int = 303) -> Any:
    """Tick these, in this order."""
    form = person.form(path, path)
    every = [key for key in form["order"] if key not in keys]
    fields = {**form, "order": [*keys, *every], "column": list(keys), "_do": do}
    return person.send(path, fields, status)


def test_a_person_chooses_columns_and_their_order_for_themselves(person: Any) -> None:
    lin, declared = person(LIN), heads(person(LIN).get(LIST))
    assert ("kind", True) in offered(lin.get(PAGE))
    assert ("carats", False) in offered(lin.get(PAGE))
    answer = choose(lin, "value", "carats", "number")
    assert answer.headers["Location"] == f"{LIST}?all=1"
    assert heads(lin.get(LIST)) == ["名称", "Insured value", "Carats", "编号"]
    assert heads(person("shen.bai").get(LIST)) == declared
    assert [key for key, on in offered(lin.get(PAGE)) if on] == ["value", "carats", "number"]
    choose(lin, do="reset")
    assert heads(lin.get(LIST)) == declared


def test_a_button_moves_a_column_and_nothing_is_kept_till_it_is_saved(person: Any) -> None:
    lin = person(LIN)
    before = [key for key, _on in offered(lin.get(PAGE))]
    page = choose(lin, *before[:3], do=f"up:{before[1]}", status=200).text
    moved = offered(page)
    assert [key for key, _on in moved[:3]] == [before[1], before[0], before[2]]
    assert re.search(r'value="down:[^"]*"[^>]*autofocus|value="up:[^"]*"[^>]*disabled', page)
    assert [key for key, _on in offered(lin.get(PAGE))] == before


def test_an_address_brings_its_own_columns_and_leaves_the_choice_alone(person: Any) -> None:
    lin = person(LIN)
    choose(lin, "value")
    assert heads(lin.get(f"{LIST}?columns=number,since")) == ["名称", "编号", "Since"]
    assert heads(lin.get(f"{LIST}?columns=nothing")) != ["名称", "Insured value"]
    assert heads(lin.get(LIST)) == ["名称", "Insured value"]
    assert "columns=number" in lin.get(f"{LIST}?columns=number,since")


def test_what_a_list_is_sorted_by_is_a_column_of_it(person: Any) -> None:
    lin = person(LIN)
    choose(lin, "value")
    assert heads(lin.get(f"{LIST}?sort=-since")) == ["名称", "Insured value", "Since"]


def test_the_export_has_the_chosen_columns(person: Any) -> None:
    lin = person(LIN)
    choose(lin, "carats")
    assert lin.get(f"{LIST}/export?format=csv").splitlines()[0].lstrip("\ufeff") == "名称,Carats"


def test_what_is_hidden_or_secret_is_no_column_however_it_is_asked_for(
    person: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    appraiser = person("appraiser")
    keys = [key for key, _on in offered(appraiser.get(PAGE))]
    assert not {"fee", "pin", "remark", "custom"} & set(keys)
    choose(appraiser, "fee", "pin", "value")
    assert heads(appraiser.get(LIST)) == ["名称", "Insured value"]
    assert heads(appraiser.get(f"{LIST}?columns=fee,pin,value")) == ["名称", "Insured value"]
