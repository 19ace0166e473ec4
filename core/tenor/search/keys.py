"""Keys: the words by which a value is found, and what somebody who searches is looking for.

Of Chinese: single characters and pairs of neighbours (bigrams), and how it sounds, in full and by initials, from each
character on. Of all else: its words. ``泽远水泥`` is found by ``水泥``, ``zeyuan``, ``shuini``, ``zysn`` and ``sn``. A
key says of which field it is, so that whoever may not see a field finds nothing by it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from tenor.search.surnames import readings

#: of these keys; whoever changes what they are counts it up, and everything is keyed anew
EDITION: Final = 6

_HAN: Final = (
    "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_PIECE: Final = re.compile(rf"(?P<han>[{_HAN}]+)|[^\W_{_HAN}]+")
_ONE: Final = re.compile(f"[{_HAN}]")
#: characters of a value that are keyed, of one key, and of what is keyed by its sound
_LONGEST: Final = 2000
_KEY: Final = 40
_SOUNDED: Final = 40
#: letters of a sound from one character on: initials, and in full
_INITIALS: Final = 12
_SOUND: Final = 24
#: what of a search is looked for
_TYPED: Final = 200
_MOST_TERMS: Final = 32
#: beginnings of a word that have keys of their own: so many begin with them that all these can't be gone through
_BEGINNINGS: Final = (2, 3)
#: the same of what stands at the beginning of a value, and of words: a sound within one has no key of its first letter
#: alone, by which nearly every name would be found; nor has a number of its first figure
_FIRST: Final = (1, *_BEGINNINGS)
#: how people write the syllables with ü, which nobody has on a keyboard: as on it (``lv``), as in passports of today
#: (``lyu``), as in older ones and in most names abroad (``lu``)
WRITTEN: Final = (
    {"lv": "lyu", "nv": "nyu", "lve": "lue", "nve": "nue"},
    {"lv": "lu", "nv": "nu", "lve": "lue", "nve": "nue"},
)
_UMLAUT: Final = re.compile("(?<=[ln])ü")


@dataclass(frozen=True)
class Term:
    """A key that a record must have, in a field that the person may see.

    Args:
        key: without its field.
        begins: whether a key that begins so is enough.
    """

    key: str
    begins: bool = False


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for.

    Args:
        groups: each must be met, and all terms of one in the same field.
        whole: the key of a value that is exactly this.
    """

    groups: tuple[tuple[Term, ...], ...]
    whole: str

    @property
    def exact(self) -> Wanted:
        """Records of which a field is exactly what was typed."""
        return Wanted((*self.groups, (Term(self.whole),)), self.whole)

    @property
    def beginning(self) -> Wanted:
        """Records of which a field begins with what was typed."""
        typed = self.whole.removeprefix("=")
        few = _is_few(typed)
        begun = Term("=<" + typed) if few else Term(self.whole[: _SOUND + 1], begins=True)
        return Wanted((*self.groups, (begun,)), self.whole)


def wanted(text: str) -> Wanted | None:
    """What a text looks for; None where no word stands in it."""
    pieces = list(pieces_of(folded(text[:_TYPED])))
    groups: list[tuple[Term, ...]] = []
    left = _MOST_TERMS
    for piece, is_han in pieces:
        group = tuple(_terms(piece, is_han))[:left]
        left -= len(group)
        if group and group not in groups:
            groups.append(group)
    whole = "=" + "".join(piece for piece, _han in pieces)[:_KEY]
    return Wanted(tuple(groups), whole) if groups else None


def _terms(piece: str, is_han: bool) -> Iterator[Term]:
    if not is_han:
        if _is_few(piece):
            yield Term("<" + piece)
        else:
            yield Term(piece[:_SOUND], begins=len(piece) > 1)  # of a sound there is no more
    elif len(piece) == 1:
        yield Term(piece)
    else:
        for pair in dict.fromkeys(pairs_of(piece)):
            yield Term(pair)


# -- of a record ------------------------------------------------------------------------------------------------------


def document(values: Iterable[tuple[str, str, bool]]) -> str:
    """The keys of a record, a blank before and after each; empty where it has none.

    Args:
        values: of each field its slot, its value, and whether it is keyed by its sound as well.
    """
    found = {f"{slot}:{key}" for slot, value, sounds in values for key in _keys(value, sounds)}
    return f" {' '.join(sorted(found))} " if found else ""


def slot_of(field: str) -> str:
    """The few letters that stand for a field before its keys."""
    number = int.from_bytes(hashlib.blake2b(field.encode(), digest_size=8).digest())
    return "".join(_LETTERS[number // 36**place % 36] for place in range(5))


_LETTERS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


def _keys(value: str, sounds: bool) -> set[str]:
    pieces = list(pieces_of(folded(value[:_LONGEST])))
    found: set[str] = set()
    for piece, is_han in pieces:
        if is_han:
            found.update(piece, pairs_of(piece))
        else:
            found.update(_begun(piece[:_KEY]), _begun(piece.lstrip("0")[:_KEY] or "0"))
    for (before, was_han), (after, is_han) in pairwise(pieces):
        if (
            was_han and is_han
        ):  # 海岳（北京）科技 is typed without its brackets, 艾力·买买提 without its dot
            found.add(before[-1] + after[0])
    whole = "".join(piece for piece, _han in pieces)
    if whole:
        found.update("=" + key for key in _begun(whole[:_KEY]))
    if not any(is_han for _piece, is_han in pieces):
        if len(pieces) > 1:
            found.update(_begun(whole[:_KEY]))
    elif sounds:
        found.update(_sounds(pieces))
    return found


def _sounds(pieces: Sequence[tuple[str, bool]]) -> Iterator[str]:
    """How it sounds from each character on; of the whole, marked as such. Where a run of characters may begin with a
    surname, from there on in each way in which that is read."""
    from pypinyin import lazy_pinyin  # its tables take a while to read

    units: list[tuple[str, bool]] = []
    surnames: list[tuple[int, list[str]]] = []
    for piece, is_han in pieces:
        spoken = lazy_pinyin(piece) if is_han else [piece]
        if is_han:
            surnames += [(len(units), read) for read in _otherwise(piece, spoken, lazy_pinyin)]
        units += [(unit, is_han) for unit in spoken if not is_han or unit.isascii()]
    units = units[:_SOUNDED]
    for written in _as_written(units):
        for place, (_unit, is_han) in enumerate(written):
            if is_han:
                yield from _sounds_from(written, place)
    for place, read in (one for one in surnames if one[0] < len(units)):
        here = [*units[:place], *((unit, True) for unit in read), *units[place + len(read) :]]
        for written in _as_written(here):
            yield from _sounds_from(written, place)


def _as_written(units: Sequence[tuple[str, bool]]) -> Iterator[Sequence[tuple[str, bool]]]:
    """What is spoken, in each way in which people write it."""
    yield units
    if any(is_han and unit in WRITTEN[0] for unit, is_han in units):
        for ways in WRITTEN:
            yield [(ways.get(unit, unit) if is_han else unit, is_han) for unit, is_han in units]


def _otherwise(
    piece: str, spoken: Sequence[str], speak: Callable[[str], list[str]]
) -> Iterator[list[str]]:
    """Other ways to read the beginning of a run of characters: as a surname, and as its first character is mostly
    read."""
    found = list(readings(piece))
    if found:
        found.append(speak(piece[0]))
    for read in found:
        said = list(spoken[: len(read)])
        if said != read and all(unit.isascii() for unit in said):
            yield read


def _sounds_from(units: Sequence[tuple[str, bool]], place: int) -> Iterator[str]:
    initials = "".join(unit[0] for unit, _han in units[place : place + _INITIALS])
    sound = "".join(unit for unit, _han in units[place:])[:_SOUND]
    lengths = _BEGINNINGS if place else _FIRST
    begun = (*_begun(initials, lengths), *_begun(sound, lengths))
    yield from begun
    if place == 0:
        yield from ("=" + key for key in begun)


def _begun(word: str, lengths: Sequence[int] = _FIRST) -> Iterator[str]:
    """A word, and its beginnings of few letters, marked as such."""
    yield word
    beginnings = (word[:letters] for letters in lengths if letters <= len(word))
    yield from ("<" + begun for begun in beginnings if _is_few(begun))


def _is_few(beginning: str) -> bool:
    """Whether so few letters have keys of their own where they begin something."""
    return len(beginning) in _BEGINNINGS or (len(beginning) == 1 and beginning.isalpha())


# -- letters ----------------------------------------------------------------------------------------------------------


def folded(text: str) -> str:
    """One form for what is written in several: full width, capitals; without signs that nobody sees."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    seen = "".join(each for each in plain if unicodedata.category(each) not in ("Cf", "Cs"))
    return _UMLAUT.sub("v", seen)


def pieces_of(text: str) -> Iterator[tuple[str, bool]]:
    """Runs of Chinese characters, and words of others; whether it is Chinese."""
    for found in _PIECE.finditer(text):
        yield found[0], found["han"] is not None


def is_han(character: str) -> bool:
    """Whether a character is a Chinese one."""
    return _ONE.fullmatch(character) is not None


def pairs_of(piece: str) -> list[str]:
    return [piece[place : place + 2] for place in range(len(piece) - 1)]
