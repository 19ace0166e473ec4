"""Where in a text stands what somebody typed."""

from __future__ import annotations

import pytest

from tenor.search.marking import match


def marked(text: str, typed: str) -> str | None:
    """The text with what was found in brackets."""
    found = match(text, typed)
    if found is None:
        return None
    return "".join(f"[{part.text}]" if part.marked else part.text for part in found.parts())


@pytest.mark.parametrize(
    ("text", "typed", "told"),
    [
        ("泽远精密制造", "精密", "泽远[精密]制造"),
        ("泽远精密制造", "zyjm", "[泽远精密]制造"),
        ("泽远精密制造", "zeyuanj", "[泽远精]密制造"),
        ("泽远精密制造", "jingmi zhizao", "泽远[精密制造]"),
        ("泽远精密制造", "泽远 制造", "[泽远]精密[制造]"),
        ("海岳（北京）科技", "海岳北京", None),
        ("吕氏集团", "lyu", "[吕]氏集团"),
        ("单晓明", "shanxm", "[单晓明]"),
        ("𬭸铜业", "ty", "𬭸[铜业]"),
        ("APP-2026-000412", "412", "APP-2026-000[412]"),
        ("ＡＰＰ-2026", "app", "[ＡＰＰ]-2026"),
        ("unwell, well", "well", "unwell, [well]"),
        ("Customer", "zyjm", None),
        ("泽远精密", "泽远 x", None),
        ("泽远精密", "()", None),
        ("", "x", None),
    ],
)
def test_what_was_typed_is_marked_as_it_is_written_or_sounds(
    text: str, typed: str, told: str | None
) -> None:
    assert marked(text, typed) == told


def test_a_sound_says_which_letters_were_typed() -> None:
    found = match("泽远精密", "zyuan")
    assert found is not None
    spelled = "".join(f"[{part.text}]" if part.marked else part.text for part in found.sound)
    assert spelled == "[z]e [yuan] "


def test_no_text_takes_long_however_alike_its_sounds_are() -> None:
    assert match("是" * 200, "s" * 200) is not None
    assert match("安" * 200, "an" * 11 + "x") is None


def test_of_a_long_text_only_the_neighbourhood_is_shown() -> None:
    found = match("零" * 40 + "阀门" + "零" * 40, "famen")
    assert found is not None
    assert [part.text for part in found.around()] == ["…", "零" * 12, "阀门", "零" * 12, "…"]
