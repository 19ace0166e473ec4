"""The search box of a list takes filters: they become chips that are dropped one by one, and stay in every address."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from core.tests.web.conftest import Forms
from tenor.kernel import Kernel
from tenor_sdk import Amount
from tenor_sdk.testing import as_actor, make_user

LIST = "/vault/box"
NAMES = ("deeds", "bars", "coins", "scraps")


class Page(HTMLParser):
    """What a list shows: its chips with where they lead, its links, and the search form."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html = html
        self.chips: dict[str, str] = {}
        self.links: list[str] = []
        self.related: dict[str, str] = {}
        self.box: dict[str, str] = {}
        self.kept: dict[str, str] = {}
        self._chip = self._form = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(given.get("href", ""))
            self.related[given.get("rel", "")] = given.get("href", "")
            self._chip = given["href"] if given.get("class") == "t-chip" else ""
        if tag == "form":
            self._form = given.get("class", "") + given.get("action", "")
        if tag == "input" and given.get("id") == "t-list-search":
            self.box = given
        if tag == "input" and self._form == f"t-search{LIST}" and given.get("type") == "hidden":
            self.kept[given["name"]] = given["value"]

    def handle_data(self, data: str) -> None:
        if self._chip and data.strip():
            self.chips[data.strip()] = self._chip
            self._chip = ""

    def leads(self, text: str) -> str:
        """Where the link with this text leads."""
        found = self.html.partition(f">{text}</a>")[0].rpartition('href="')[2]
        return unescape(found.partition('"')[0])

    @property
    def rows(self) -> set[str]:
        body = self.html.partition("<tbody>")[2]
        return {name for name in NAMES if f">{name}<" in body}

    @property
    def told(self) -> str:
        return unescape(self.html.partition('id="t-list-told"')[2].partition("</div>")[0])


@pytest.fixture
def four(box: Any) -> None:
    from tenor_vault.records import Kind

    box(name="deeds", kind=Kind.PAPERS, value=Amount.of("100"), since=date(2026, 1, 5))
    box(name="bars", kind=Kind.GOLD, value=Amount.of("900"), since=date(2026, 3, 5), sealed=True)
    box(name="coins", kind=Kind.GOLD, value=Amount.of("500"))
    box(name="scraps", value=Amount.of("20000000"))


Asking = Callable[..., Page]


def asking(someone: Any) -> Asking:
    """Ask for the list as this person."""

    def page(typed: str = "", at: str = LIST, **asked: str) -> Page:
        asked = {**({"q": typed} if typed else {}), **asked}
        address = f"{at}?{urlencode(asked)}" if asked else at
        return Page(someone.get(address))

    return page


@pytest.fixture
def lin(person: Any) -> Asking:
    return asking(person("lin.xiaowen"))


@pytest.fixture
def lin_in_english(person: Any) -> Asking:
    lin = person("lin.xiaowen")
    lin.press("/", "/me/preferences", language="en")
    return asking(lin)


pytestmark = pytest.mark.usefixtures("four")


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("value >= 500", {"bars", "coins", "scraps"}),
        ("value >= 500 and not sealed = true", {"coins", "scraps"}),
        ("value >= 2000万", {"scraps"}),
        ("since = empty and value < 1000", {"coins"}),
        ('kind = gold-bars or value > "10,000"', {"bars", "coins", "scraps"}),
        ("类型 = gold-bars", {"bars", "coins"}),
        ("name ~ AR", {"bars"}),
        ("name !~ s", set()),
    ],
)
def test_what_reads_as_a_filter_narrows_the_list(lin: Asking, typed: str, left: set[str]) -> None:
    shown = lin(typed)
    assert (shown.rows, shown.told) == (left, "")


@pytest.mark.parametrize(
    ("typed", "left"),
    [("coin", {"coins"}), ("BA", {"bars"}), ("and or not", set()), ('"name = coins"', set())],
)
def test_all_else_is_looked_for_as_text(lin: Asking, typed: str, left: set[str]) -> None:
    shown = lin(typed)
    assert (shown.rows, shown.told, shown.box["value"]) == (left, "", typed)


def test_quotes_let_a_text_with_a_sign_be_looked_for(lin: Asking, box: Any) -> None:
    box(name="a = b")
    shown = lin('"a = b"')
    assert ">a = b<" in shown.html
    assert shown.rows == set()
    assert '"a = b"' in shown.box["value"]
    resorted = next(link for link in shown.links if "sort=value" in link)
    assert ">a = b<" in lin(at=resorted).html


def test_a_half_written_filter_is_looked_for_as_text_and_told_what_it_lacks(lin: Asking) -> None:
    shown = lin("value >= ")
    assert shown.rows == set()
    assert "筛选条件第 10 个字符处应为" in shown.told
    assert "aria-invalid" not in shown.box


# -- chips ------------------------------------------------------------------------------------------------------------

TYPED = (
    "value >= 100 and kind = gold-bars and since != empty and (sealed = true or name ~ coin) "
    'and keeper_id != 1 and not value < 5 and name !~ "x y"'
)


def test_chips_say_each_term_in_the_persons_words(lin_in_english: Asking) -> None:
    shown = lin_in_english(TYPED)
    assert list(shown.chips) == [
        "Insured value ≥ 100", "Kind: Gold bars", "Since isn't empty", "Sealed: Yes or Name contains coin",
        "Keeper ≠ 林晓雯", "not (Insured value < 5)", "Name lacks x y",
    ]  # fmt: skip
    assert shown.box["value"] == ""


def test_chips_are_said_in_chinese_as_well(lin: Asking) -> None:
    chips = list(lin("since = empty and not (sealed = true and name ~ coin) and name !~ x").chips)
    assert chips == ["Since为空", "非（已封存：是 且 名称包含 coin）", "名称不包含 x"]


def test_who_asks_is_said_as_such_and_no_facet_takes_it(lin_in_english: Asking) -> None:
    shown = lin_in_english("keeper_id = me and unit_id = my-unit")
    assert list(shown.chips) == ["Keeper: myself", "Unit: my unit"]
    assert 'value="my-unit"' not in shown.html


def test_a_field_behind_a_link_is_said_with_the_link(lin_in_english: Asking) -> None:
    assert list(lin_in_english("shelf.name ~ north").chips) == ["Shelf · Name contains north"]


def test_every_chip_that_is_dropped_leaves_the_rest(lin: Asking) -> None:
    chips = lin(f"{TYPED} and kind != papers", "/vault/box", sort="-value", archived="true").chips
    assert len(chips) == 8
    for said, href in chips.items():
        left = lin(at=href)
        assert set(left.chips) == set(chips) - {said}
        assert left.told == ""
        asked = parse_qs(urlsplit(href).query)
        assert (asked["sort"], asked["archived"]) == (["-value"], ["true"])


def test_chips_are_dropped_down_to_the_whole_list(lin: Asking) -> None:
    shown = lin("(value > 5 or sealed = true) and name ~ coin and value < 600 and value < 700")
    assert shown.rows == {"coins"}
    for left in (3, 2, 1, 0):
        shown = lin(at=next(iter(shown.chips.values())))
        assert len(shown.chips) == left
    assert shown.rows == set(NAMES)


def test_clear_drops_all_at_once(lin: Asking) -> None:
    shown = lin("name ~ coin or value < 600", kind="gold-bars")
    cleared = lin(at=shown.leads("清除"))
    assert (cleared.chips, cleared.rows) == ({}, set(NAMES))


def test_what_a_facet_can_say_is_marked_there(lin: Asking) -> None:
    shown = lin("kind = gold-bars and value <= 600")
    facets = shown.html.partition("<aside")[2].partition("</aside>")[0]
    assert facets.count("aria-current") == 1
    assert 'name="value__to" value="600"' in facets
    assert shown.rows == {"coins"}


def test_a_second_filter_is_added_to_the_first(lin: Asking) -> None:
    first = lin("name ~ s and kind = gold-bars")
    assert first.rows == {"bars", "coins"}
    second = lin("name ~ coin", **first.kept)
    assert (second.rows, len(second.chips)) == ({"coins"}, 3)
    again = lin("name ~ coin", **second.kept)
    assert again.chips.keys() == second.chips.keys()


def test_a_text_is_looked_for_within_the_filter(lin: Asking) -> None:
    first = lin("value >= 100 and name != deeds")
    assert lin("ba", **first.kept).rows == {"bars"}


# -- what isn't understood --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("value > 5 and colour = red", "第 15 个字符处：此列表不能按 colour 筛选。"),
        ("value >= much", "第 10 个字符处，value：“much”"),
        ("sealed >= true", "第 1 个字符处：sealed 不能用 >= 比较。"),
        (
            "holder_identity = 11010519491231002X",
            "第 1 个字符处：此列表不能按 holder_identity 筛选。",
        ),
        ("pin = 1", "第 1 个字符处：此列表不能按 pin 筛选。"),
    ],
)
def test_a_filter_that_isnt_understood_stays_in_the_box_and_narrows_nothing(
    lin: Asking, typed: str, told: str
) -> None:
    shown = lin(typed, kind="gold-bars")
    assert told in shown.told
    assert "未按该条件筛选" in shown.told
    assert (shown.box["value"], shown.box["aria-invalid"]) == (typed, "true")
    assert (shown.rows, list(shown.chips)) == ({"bars", "coins"}, ["类型：Gold bars"])
    assert not any("q=" in link for link in shown.links)


def test_a_filter_that_is_too_large_only_with_what_narrows_already_names_no_place(
    lin: Asking,
) -> None:
    one = f"number = ({', '.join(map(str, range(150)))})"
    told = lin(one.replace("number", "name"), filter=one).told
    assert ">筛选条件最多列 200 个值。" in told


def test_it_is_told_in_english_as_well(lin_in_english: Asking) -> None:
    told = lin_in_english("colour = red").told
    assert (
        "Filter, at character 1: this list can't be narrowed by colour. The list is shown without it."
        in told
    )
    assert (
        "Looked for as text. As a filter: Filter, at character 10"
        in lin_in_english("value >= ").told
    )


def test_what_a_role_may_not_see_is_refused_like_what_nobody_has(
    person: Any, institution: Kernel
) -> None:
    make_user(institution, "appraiser", roles=["vault.appraiser"])
    appraiser = asking(person("appraiser"))
    hidden, unknown = appraiser("fee > 1%").told, appraiser("xyz > 1%").told
    assert hidden == unknown.replace("xyz", "fee")
    assert asking(person("lin.xiaowen"))("fee > 1%").told == ""


def test_a_filter_of_the_address_that_isnt_understood_is_told_too(lin: Asking) -> None:
    shown = lin("coin", filter="colour = red")
    assert "colour" in shown.told
    assert (shown.box["value"], shown.rows) == ("colour = red", {"coins"})


def test_filters_that_are_too_much_together_are_refused_with_the_last(lin: Asking) -> None:
    long = " or ".join(["name ~ coin"] * 100)
    first = lin(long)
    second = lin(f"({long}) and name ~ coin and value > 5", **first.kept)
    assert first.rows == second.rows == {"coins"}
    assert second.told != ""
    assert len(second.chips) == 1


# -- it stays ---------------------------------------------------------------------------------------------------------


def test_the_filter_stays_when_the_list_is_sorted_paged_and_widened(lin: Asking, box: Any) -> None:
    for number in range(60):
        box(name=f"box {number:02d}", value=Amount.of("7"))
    shown = lin('value < 50 and name ~ "box"')
    assert len(shown.chips) == 2
    following = lin(at=shown.related["next"])
    sort = next(link for link in shown.links if "sort=value" in link)
    archived = next(link for link in shown.links if "archived=true" in link)
    for href in (following.related["prev"], sort, archived):
        assert lin(at=href).chips.keys() == shown.chips.keys()
    assert following.chips.keys() == shown.chips.keys()
    assert following.rows == set()
    assert following.html.count(">box ") == 10


def test_a_range_of_a_facet_keeps_the_filter(person: Any) -> None:
    html = person("lin.xiaowen").get(
        f"{LIST}?{urlencode({'q': 'name ~ coin', 'archived': 'true'})}"
    )
    kept = [fields for action, fields in Forms(html).found if "since__from" in fields]
    assert kept == [
        {"filter": "name ~ coin", "archived": "true", "since__from": "", "since__to": ""}
    ]


def test_an_export_holds_what_the_filter_shows_and_its_filter_is_on_record(
    lin: Asking, person: Any, institution: Kernel
) -> None:
    shown = lin("value >= 500 and name !~ scrap")
    export = next(link for link in shown.links if "format=csv" in link)
    text = person("lin.xiaowen").client.get(export).data.decode("utf-8-sig")
    assert {line.split(",")[0] for line in text.splitlines()[1:]} == {"bars", "coins"}
    ctx: Any
    with as_actor(institution, "song.qing") as ctx:
        noted = institution.audit.search(ctx, kind="export")[0]
    assert noted.changes["filter"] == [None, "name !~ scrap"]
    assert noted.changes["filters"] == [None, {"value__from": ["500"]}]


def test_an_export_by_a_filter_that_isnt_understood_is_refused(person: Any) -> None:
    asked = urlencode({"format": "csv", "q": "colour = red"})
    person("lin.xiaowen").get(f"{LIST}/export?{asked}", 422)


def test_a_list_without_text_to_look_into_takes_filters_alone(person: Any) -> None:
    lin = person("lin.xiaowen")
    page = Page(lin.get("/vault/opening?q=something"))
    assert "没有可搜索的字段" in page.told
    assert page.box["value"] == "something"
    filtered = Page(lin.get(f"/vault/opening?{urlencode({'q': 'reason ~ x'})}"))
    assert (filtered.told, len(filtered.chips)) == ("", 1)
