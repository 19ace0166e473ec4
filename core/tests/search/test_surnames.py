"""A name is found by how its surname is read as such, and as its characters mostly are."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.search.asking import meets
from tenor.search.keys import document, slot_of, wanted

SLOT = slot_of("name")


def is_found(name: str, typed: str) -> bool:
    sought = wanted(typed)
    assert sought is not None
    return meets(document([(SLOT, name, True)]), sought, [SLOT])


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("单雄信", "shanxiongxin"), ("单雄信", "danxiongxin"), ("单雄信", "sxx"), ("单雄信", "dxx"),
        ("曾国藩", "zengguofan"), ("解缙", "xiejin"), ("仇和", "qiuhe"), ("查良镛", "zhaliangyong"),
        ("区志强", "ouzhiqiang"), ("翟天", "zhaitian"), ("尉迟恭", "yuchigong"), ("尉迟恭", "ycg"),
        ("尉迟恭", "weichigong"), ("万俟卨", "moqi"), ("朴正", "piaozheng"), ("盖叫天", "gejiaotian"),
        ("覃辉", "qinhui"), ("覃辉", "tanhui"), ("尉迟恭", "gong"), ("单雄信水泥", "shuini"),
        ("上海 单雄信", "shanxiongxin"), ("單雄信", "shan"), ("单𠮷信", "shan"),
    ],
)  # fmt: skip
def test_a_name_is_found_as_its_surname_is_read(name: str, typed: str) -> None:
    assert is_found(name, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("吕蒙", "lvmeng"), ("吕蒙", "lyumeng"), ("吕蒙", "lumeng"), ("吕蒙", "lümeng"), ("吕蒙", "LU\u0308 Meng"),
        ("李绿女", "lilyunyu"), ("李绿女", "lln"), ("单绿", "shanlyu"), ("攻略", "gonglue"), ("攻略", "lve"),
    ],
)  # fmt: skip
def test_a_name_with_a_sound_that_no_keyboard_has_is_found_as_people_write_it(
    name: str, typed: str
) -> None:
    assert is_found(name, typed)


def test_a_sound_is_written_otherwise_only_where_it_is_that_one() -> None:
    assert not is_found("鲁肃", "lvsu")
    assert is_found("Lübeck", "Lübeck")


@pytest.mark.parametrize(
    ("name", "typed"), [("王单", "shan"), ("张三", "shan"), ("简单", "jianshan")]
)
def test_what_is_no_surname_is_read_as_ever(name: str, typed: str) -> None:
    assert not is_found(name, typed)


def test_a_whole_name_by_its_surname_stands_first() -> None:
    """As of any other name, the whole of it has a key of its own."""
    sought = wanted("shanxiongxin")
    assert sought is not None
    kept: Any = document([(SLOT, "单雄信", True)])
    assert meets(kept, sought.exact, [SLOT])
    assert meets(kept, sought.beginning, [SLOT])
