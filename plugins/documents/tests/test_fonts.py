"""The fonts can write what contracts say, or say what they can't."""

import shutil
from pathlib import Path

import pytest

from tenor_documents.fonts import BOLD, FOLDER, REGULAR, Fonts, probe, require_glyphs
from tenor_sdk.errors import Invalid, Refused


def test_the_bundled_fonts_pass_the_probe() -> None:
    probe()


def test_a_missing_face_is_named(tmp_path: Path) -> None:
    shutil.copy(FOLDER / REGULAR, tmp_path)
    with pytest.raises(Refused) as refusal:
        probe(Fonts(tmp_path))
    assert (refusal.value.key, refusal.value.values["file"]) == ("font-missing", BOLD)


def test_a_font_under_a_false_name_is_not_taken() -> None:
    with pytest.raises(Refused) as refusal:
        probe(Fonts(FOLDER, "Noto Serif SC"))
    assert refusal.value.values["family"] == "Noto Serif SC"


@pytest.mark.parametrize("name", ["上海𬭸金属有限公司", "朱镕基", "·—“”《》¥", "A&B Co. 第1页"])
def test_names_with_rare_characters_can_be_written(name: str) -> None:
    require_glyphs([name])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("李🙂", "U+1F642"),
        ("𪚥记贸易", "U+2A6A5"),
        ("80,000\u202e000.00", "U+202E"),
        ("泽远\u200b精密", "U+200B"),
        ("a\x00b", "U+0000"),
        ("贷\u00ad款", "U+00AD"),
    ],
)
def test_a_character_that_the_font_lacks_or_nobody_sees_is_named(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        require_glyphs([text])
    assert (refusal.value.key, refusal.value.values["code"]) == ("glyph-missing", code)
