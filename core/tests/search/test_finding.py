"""What is typed finds what is meant: Chinese, its sound, numbers; and nothing that the person may not know."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from tenor.kernel import Kernel
from tenor.records import PageQuery
from tenor.search import room
from tenor_sdk.errors import Invalid
from tenor_sdk.testing import as_actor as _as_actor
from tenor_sdk.testing import make_user
from tenor_test_support.statements import asking

LIN = "lin.xiaowen"
pytestmark = pytest.mark.both_databases
#: the kernel's own contexts, for its rooms
as_actor: Any = _as_actor
CEMENT = "泽远水泥有限公司"


@pytest.mark.parametrize(
    "typed",
    [
        "水泥", "泽远水泥有限公司", "泥", "zeyuan", "zeyuanshuini", "ze yuan", "shuini", "zysn", "ZY", "yxgs",
        "ｚｙｓｎ", "泽远 有限", "水泥 zy", "\u202e水泥\u200b", "91310000MA1K", "91310000ma1k3abc9q", "REG-2026-000001",
        "2026-000001", "000001",
    ],
)  # fmt: skip
def test_a_company_is_found_as_one_thinks_of_it(keep: Any, seen: Any, typed: str) -> None:
    from tenor_registry import Company

    keep(
        Company(name=CEMENT, code="91310000MA1K3ABC9Q"),
        Company(name="海岳铁路", code="91440300"),
        Company(name="Northern Steel"),
    )
    assert seen(typed)[:1] == [CEMENT]


@pytest.mark.parametrize(
    "typed",
    ["铁泥", "泥水", "hongqing", "qq", "😀", '" OR *', "*", "%", "_", "' | 'x", "\0", "", "  ", "𬭸", "水" * 1999],
)  # fmt: skip
def test_what_nothing_is_called_finds_nothing(keep: Any, seen: Any, typed: str) -> None:
    from tenor_registry import Company

    keep(Company(name="重庆水泥"), Company(name="Steel 100%"))
    assert seen(typed) == []


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("海岳（北京）科技有限公司", "海岳北京科技"),
        ("艾力·买买提", "艾力买买提"),
        ("泽远 水泥", "泽远水泥"),
    ],
)
def test_brackets_dots_and_blanks_within_a_name_need_not_be_typed(
    keep: Any, seen: Any, name: str, typed: str
) -> None:
    from tenor_registry import Company

    keep(Company(name=name), Company(name="北京铁路"))
    assert seen(typed) == [name]


def test_characters_beyond_the_first_plane_are_characters(keep: Any, seen: Any) -> None:
    from tenor_registry import Company

    keep(Company(name="𬭸钢集团"), Company(name="海岳钢铁"))
    assert seen("𬭸钢") == ["𬭸钢集团"]
    assert seen("𬭸") == ["𬭸钢集团"]
    assert seen("chongqing") == []


def test_a_sound_is_that_of_the_word_not_of_the_character(keep: Any, seen: Any) -> None:
    from tenor_registry import Company

    keep(Company(name="重庆银行"))
    assert seen("chongqingyinhang") == ["重庆银行"] == seen("cqyh")
    assert seen("zhongqing") == []


def test_more_than_anybody_types_is_refused(keep: Any, seen: Any) -> None:
    with pytest.raises(Invalid, match="too-long"):
        seen("水" * 10_000)


def test_one_letter_finds_what_begins_with_it(keep: Any, seen: Any) -> None:
    """By the sound of a name, or by a word; neither what ends with it nor what has it within."""
    from tenor_registry import Company

    keep(
        Company(name="林地开发"),
        Company(name="East Lin"),
        Company(name="泽远水利"),
        Company(name="Box L"),
        Company(name="Steel"),
        Company(name="蓝海"),
    )
    assert seen("l") == ["蓝海", "林地开发", "Box L", "East Lin"]
    assert seen("L") == seen("l")


def test_the_best_come_first(keep: Any, seen: Any) -> None:
    from tenor_registry import Company

    names = ["泽远", "上海泽远水泥", "泽远水泥", "上海泽远", "泽远水泥二厂"]
    keep(*(Company(name=name) for name in names))
    assert seen("泽远") == ["泽远", "泽远水泥二厂", "泽远水泥", "上海泽远", "上海泽远水泥"]


def test_rows_of_others_are_neither_found_nor_told_of(
    institution: Kernel, keep: Any, seen: Any, head: str
) -> None:
    from tenor_registry import Company

    keep(Company(name="泽远水泥"))
    keep(*(Company(name=f"泽远钢铁{n}") for n in range(4)), of=head)
    assert seen("泽远") == ["泽远水泥"]
    with as_actor(institution, LIN, write=False) as ctx:
        found = institution.search.find(ctx, Company, "泽远", 1)
        assert not found.more
        page = institution.records.page(ctx, Company, PageQuery("泽远"))
        assert (page.count, len(page.records)) == (1, 1)


def test_nobody_finds_by_what_is_hidden_or_masked_for_them(keep: Any, seen: Any, head: str) -> None:
    from tenor_registry import Company

    keep(Company(name="海岳", phone="13800001111", rumour="破产"))
    assert seen("破产") == [] == seen("pochan") == seen("13800001111")
    assert seen("破产", head) == ["海岳"] == seen("pochan", head)
    assert seen("13800001111", head) == []


def test_the_archived_are_left_out(institution: Kernel, keep: Any, seen: Any, head: str) -> None:
    from tenor_registry import Company

    (one,) = keep(Company(name="海岳"))
    with as_actor(institution, head) as ctx:
        institution.records.archive(ctx, ctx.session.get_one(Company, one))
    assert seen("hy") == []


def test_what_is_common_is_walked_through_and_found_all_the_same(
    keep: Any, seen: Any, head: str, monkeypatch: pytest.MonkeyPatch, institution: Kernel
) -> None:
    from tenor_registry import Company

    for name in ("_CANDIDATES", "_FURTHER", "_RARE", "_NAMED", "_NEWEST"):
        monkeypatch.setattr(room, name, 2)
    keep(Company(name="有限公司"), Company(name="有限公司海岳"), Company(name="水泥有限公司"))
    keep(*(Company(name=f"有限公司{n}") for n in range(8)), of=head)
    expected = ["有限公司", "有限公司海岳", "水泥有限公司"]
    assert seen("有限公司") == expected
    with as_actor(institution, LIN, write=False) as ctx:
        page = institution.records.page(ctx, Company, PageQuery("有限公司", sort="name"))
        assert sorted(str(vars(each)["name"]) for each in page.records) == sorted(expected)
        assert page.count == 3


def test_a_search_asks_no_more_where_there_are_more_records(
    institution: Kernel, keep: Any, head: str
) -> None:
    from tenor_registry import Company, Visit

    def asked() -> int:
        db = institution.db
        with asking(db.reader) as statements, as_actor(institution, LIN, write=False) as ctx:
            found = institution.search.everywhere(ctx, "海岳", 5, [Company, Visit])
            assert [each.record for each in found] == [Company, Visit]
        return len(statements)

    keep(Company(name="海岳一"), Visit(subject="海岳"))
    asked()
    few = asked()
    keep(*(Company(name=f"海岳{n}") for n in range(40)), *(Visit(subject="海岳") for _ in range(9)))
    assert asked() == few


def test_whoever_may_not_read_a_kind_finds_none_of_it(institution: Kernel, keep: Any) -> None:
    from tenor_registry import Company

    keep(Company(name="海岳"))
    make_user(institution, "nobody")
    with as_actor(institution, "nobody", write=False) as ctx:
        assert institution.search.everywhere(ctx, "海岳", 5, [Company]) == []


def test_the_keys_themselves_are_nobodys_to_read(keep: Any, institution: Kernel) -> None:
    """A plugin that lays hands on their record finds none: they hold what hidden rows and fields are made of."""
    from tenor_registry import Company

    from tenor.search.records import SearchKey

    keep(Company(name=CEMENT))
    for login in (LIN, "head"):
        with as_actor(institution, login, write=False) as ctx:
            assert ctx.session.scalars(select(SearchKey.document)).all() == []
            assert not ctx.may(SearchKey, "read")
