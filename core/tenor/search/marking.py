"""Where in a text stands what somebody looks for: as it is written, or, of Chinese, as it sounds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from tenor.search.keys import WRITTEN, folded, is_han, pairs_of, pieces_of
from tenor.search.surnames import readings

#: characters of a text that are looked through, and listened to
_LONGEST: Final = 2000
_HEARD: Final = 200
#: characters of a long text that are shown on each side of what was found
_AROUND: Final = 12
#: letters of a sound that are followed, as of records no more are keyed
_LETTERS: Final = 24

Span = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """A piece of a text, and whether it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True)
class Match:
    """What was looked for, in a text.

    Args:
        spans: where it stands, in order, none touching another.
        sound: how that is spelled where it was found by its sound; what was typed is marked. Empty where it wasn't.
    """

    text: str
    spans: tuple[Span, ...]
    sound: tuple[Part, ...] = ()

    @property
    def at_once(self) -> bool:
        """Whether the text begins with it."""
        return bool(self.spans) and self.spans[0][0] == 0

    def parts(self) -> list[Part]:
        """The text in pieces, marked and others."""
        return self._parts(0, len(self.text), self.spans)

    def around(self) -> list[Part]:
        """What stands around the first place where it was found."""
        first = self.spans[0]
        begin, end = max(0, first[0] - _AROUND), min(len(self.text), first[1] + _AROUND)
        made = self._parts(begin, end, [first])
        before, after = [Part("…")][: begin > 0], [Part("…")][: end < len(self.text)]
        return [*before, *made, *after]

    def _parts(self, place: int, last: int, spans: Sequence[Span]) -> list[Part]:
        found = []
        for begin, end in spans:
            found += [Part(self.text[place:begin]), Part(self.text[begin:end], marked=True)]
            place = end
        found.append(Part(self.text[place:last]))
        return [part for part in found if part.text]


def match(text: str, typed: str) -> Match | None:
    """Where all that was typed stands in a text; None where some of it doesn't."""
    seen = text[:_LONGEST]
    spans: list[Span] = []
    sound: list[Part] = []
    wanted = list(pieces_of(folded(typed)))
    for piece, chinese in wanted:
        found = _written(seen, piece)
        if not found and chinese:
            found = _scattered(seen, piece)
        if not found and not chinese:
            heard = _heard(seen, piece)
            found = [heard[0]] if heard else []
            sound += heard[1] if heard else []
        if not found:
            return None
        spans += found
    return Match(text, _joined(spans), tuple(sound)) if wanted else None


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    made: list[Span] = []
    for begin, end in sorted(spans):
        if made and begin <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((begin, end))
    return tuple(made)


# -- as it is written --------------------------------------------------------------------------------------------------


def _written(text: str, piece: str) -> list[Span]:
    """Where a piece stands: first of all where a word begins with it."""
    plain, places = _plain(text)
    at = plain.find(piece)
    while at > 0 and plain[at - 1].isalnum() and not is_han(plain[at]):
        further = plain.find(piece, at + 1)
        if further < 0:
            at = plain.find(piece)
            break
        at = further
    return [(places[at], places[at + len(piece) - 1] + 1)] if at >= 0 else []


def _scattered(text: str, piece: str) -> list[Span]:
    """Where each pair of its characters stands, as records are found by pairs."""
    found = [_written(text, pair) for pair in pairs_of(piece)]
    return [span for each in found for span in each] if found and all(found) else []


def _plain(text: str) -> tuple[str, list[int]]:
    """A text in the form in which texts are compared, and for each of its characters where it stood."""
    made, places = "", []
    for place, character in enumerate(text):
        plain = folded(character)
        made += plain
        places += [place] * len(plain)
    return made, places


# -- as it sounds ------------------------------------------------------------------------------------------------------


def _heard(text: str, piece: str) -> tuple[Span, list[Part]] | None:
    """Where a text sounds as was typed: syllables, or as many letters of each as one cares to type."""
    units = _units(text[:_HEARD])
    for place, (_at, sounds) in enumerate(units):
        spoken = _spoken(units, place, piece[:_LETTERS]) if sounds[0][1] else None
        if spoken is not None:
            end = units[place + len(spoken) - 1][0] + 1
            return (units[place][0], end), _spelled(spoken)
    return None


Unit = tuple[int, list[tuple[str, bool]]]


def _spoken(units: Sequence[Unit], place: int, letters: str) -> list[tuple[str, int]] | None:
    """Of each character from a place on its sound, and how many letters of that were typed."""
    if not letters:
        return []
    if place == len(units):
        return None
    for sound, spelled in units[place][1]:
        most = _common(sound, letters)
        for taken in (
            range(most, 0, -1) if spelled else ([len(sound)] if most == len(sound) else [])
        ):
            rest = _spoken(units, place + 1, letters[taken:])
            if rest is not None:
                return [(sound, taken), *rest]
    return None


def _common(one: str, other: str) -> int:
    """Letters with which both begin."""
    both = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


def _spelled(spoken: Sequence[tuple[str, int]]) -> list[Part]:
    made: list[Part] = []
    for sound, taken in spoken:
        made += [Part(sound[:taken], marked=True), Part(sound[taken:] + " ")]
    return made


@lru_cache(maxsize=2048)
def _units(text: str) -> list[Unit]:
    """The characters of a text that are heard: of each its place and its sounds, and whether these are spelled."""
    found: list[Unit] = []
    places = [(at, each) for at, each in enumerate(text) if each.isalnum()]
    for chinese, run in groupby(places, key=lambda one: is_han(one[1])):
        letters = list(run)
        if chinese:
            sounds = _sounds("".join(each for _at, each in letters))
            found += [(at, said) for (at, _each), said in zip(letters, sounds, strict=True)]
        else:
            found += [(at, [(folded(each) or each, False)]) for at, each in letters]
    return found


def _sounds(run: str) -> Iterator[list[tuple[str, bool]]]:
    """Of each character of a run how it may be spelled."""
    from pypinyin import lazy_pinyin  # its tables take a while to read

    spoken = lazy_pinyin(run)
    if len(spoken) != len(run):  # what it can't read comes in one piece
        spoken = [lazy_pinyin(each)[0] for each in run]
    surnames = [read for read in readings(run) if len(read) <= len(run)]
    for place, sound in enumerate(spoken):
        ways = [sound, *(way[sound] for way in WRITTEN if sound in way)]
        ways += [read[place] for read in surnames if place < len(read)]
        yield [(each, True) for each in dict.fromkeys(ways)]
