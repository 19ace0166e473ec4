"""The typeface of the documents, and the proof that it can write what they say.

Typst drops a glyph that its font lacks without a word. In a contract that would be a hole in a name, so what is to be
written is compared with the font's own table first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from unicodedata import category, name

from tenor_sdk.errors import Invalid, Refused

FAMILY: Final = "Noto Sans SC"
FOLDER: Final = Path(__file__).parent / "fonts"
REGULAR: Final = "NotoSansSC_400Regular.ttf"
BOLD: Final = "NotoSansSC_700Bold.ttf"

#: Characters that occur in company names and that fonts are known to lack.
PROBES: Final = "𬭸镕喆堃珺翀昇¥—…·《》“”"

#: White space that sets as a gap or a line's end, and has no glyph.
_GAPS: Final = frozenset(" \t\r\n\u00a0\u3000")


@dataclass(frozen=True)
class Fonts:
    """A folder with the regular and the bold face of one family.

    Args:
        folder: where the files are.
        family: the name by which templates ask for it.
    """

    folder: Path = FOLDER
    family: str = FAMILY

    @property
    def files(self) -> tuple[Path, Path]:
        return self.folder / REGULAR, self.folder / BOLD


def probe(fonts: Fonts | None = None) -> None:
    """Make sure, at the start, that contracts can be set: both faces, the family's name, the rarer characters.

    Raises:
        Refused: ``font-missing`` with the ``family`` and the ``file`` that isn't there or bears another name.
        Invalid: ``glyph-missing``, see ``require_glyphs``.
    """
    chosen = fonts or Fonts()
    for file in chosen.files:
        if not file.is_file() or family_of(file) != chosen.family:
            raise Refused("font-missing", family=chosen.family, file=file.name)
    require_glyphs([PROBES], chosen)


def require_glyphs(texts: Iterable[str], fonts: Fonts | None = None) -> None:
    """Refuse texts that the fonts can't write in full.

    Invisible characters (zero width, bidirectional overrides) are refused as well: in a contract they only mislead.

    Raises:
        Invalid: ``glyph-missing`` with the ``character``, its ``code`` (U+2CB38) and its Unicode ``name``.
        Refused: ``font-missing``.
    """
    chosen = fonts or Fonts()
    wanted = set().union(*texts) - _GAPS
    for character in sorted(wanted - _writable(chosen)):
        raise Invalid(
            "glyph-missing",
            character=character if character.isprintable() else "",
            code=f"U+{ord(character):04X}",
            name=name(character, ""),
        )


def family_of(file: Path) -> str:
    """The family that a font file says it belongs to."""
    from fontTools.ttLib import TTFont  # takes long to load: only where a document is made

    with TTFont(file, lazy=True) as font:
        return str(font["name"].getDebugName(16) or font["name"].getDebugName(1))


@lru_cache(maxsize=4)
def _writable(fonts: Fonts) -> frozenset[str]:
    """The visible characters that every face of ``fonts`` has."""
    faces = [_characters(file) for file in fonts.files]
    return frozenset.intersection(*faces)


def _characters(file: Path) -> frozenset[str]:
    from fontTools.ttLib import TTFont

    if not file.is_file():
        raise Refused("font-missing", family=FAMILY, file=file.name)
    with TTFont(file, lazy=True) as font:
        codes = font.getBestCmap() or {}
    return frozenset(character for character in map(chr, codes) if category(character)[0] != "C")
