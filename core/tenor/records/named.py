"""Who is named in a text by ``@`` and a name or login: the longest that somebody has."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

#: what a mention begins with: as Latin letters are typed, and as Chinese is
SIGNS: Final = "@＠"
#: so many people are reached by one comment
MOST: Final = 20
#: so many signs of one comment are looked at
LOOKED_AT: Final = 50
#: characters of the longest name and login
_LONGEST: Final = 100
#: what stands within a login or an address, between letters
_BETWEEN: Final = "._-+'’@＠"


@dataclass(frozen=True)
class Somebody:
    """A person who may be named.

    Args:
        there: whether they work here still.
    """

    id: int
    login: str
    name: str
    there: bool


@dataclass(frozen=True)
class Mention:
    """Where somebody is named in a text: the sign and the name, from a character on."""

    person: Somebody
    start: int
    length: int


@dataclass
class Named:
    """Who is named in a text.

    Args:
        unclear: names that several people have, none of whom is meant by the name alone.
        over: whether more are named than one comment reaches.
    """

    mentions: list[Mention] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    over: bool = False

    @property
    def people(self) -> dict[int, Somebody]:
        """Each once, in the order in which they are named."""
        return {each.person.id: each.person for each in self.mentions}


def places(text: str) -> list[int]:
    """Where names may begin: after a sign that isn't within a word, as that of an e-mail address is."""
    return [
        at + 1
        for at, sign in enumerate(text[:-1])
        if sign in SIGNS and not (at and _joins(text[at - 1])) and not _is_blank(text[at + 1])
    ]


def names_at(text: str, start: int) -> Iterator[str]:
    """What stands from a place on and may be a name, the longest first."""
    line = text.find("\n", start)
    last = min(start + _LONGEST, line if line >= 0 else len(text))
    for end in range(last, start, -1):
        if not text[end - 1].isspace() and not _goes_on(text, end):
            yield text[start:end]


def named_in(
    text: str, logins: Mapping[str, Somebody], names: Mapping[str, Sequence[Somebody]]
) -> Named:
    """Who is named in a text. Of what may be meant the longest counts; of a login and a name alike, the login.

    Args:
        logins: people by their logins.
        names: by their names.
    """
    found, all_places = Named(), places(text)
    found.over = len(all_places) > LOOKED_AT
    for start in all_places[:LOOKED_AT]:
        for piece in names_at(text, start):
            if piece in logins or piece.lower() in logins:
                _add(found, logins.get(piece) or logins[piece.lower()], start, piece)
                break
            if piece in names:
                _take(found, names[piece], start, piece)
                break
    return found


def _take(found: Named, people: Sequence[Somebody], start: int, piece: str) -> None:
    """One of a name: of those who work here, else of those who did."""
    able = [each for each in people if each.there] or people
    if len(able) == 1:
        _add(found, able[0], start, piece)
    elif piece not in found.unclear:
        found.unclear.append(piece)


def _add(found: Named, person: Somebody, start: int, piece: str) -> None:
    people = found.people
    if person.id not in people and len(people) >= MOST:
        found.over = True
    else:
        found.mentions.append(Mention(person, start - 1, len(piece) + 1))


def _goes_on(text: str, end: int) -> bool:
    """Whether a word of letters that are joined goes on: ``@lin`` doesn't stand in ``@linda``, nor in ``@lin.example``;
    Chinese has no gaps between words."""
    rest = text[end : end + 2]
    if not rest:
        return False
    if unicodedata.combining(rest[0]):
        return True
    if not _joins(text[end - 1]):
        return False
    return _joins(rest[0]) or (rest[0] in _BETWEEN and len(rest) == 2 and _joins(rest[1]))


def _joins(letter: str) -> bool:
    """Whether letters beside this one belong to its word: not those of Chinese."""
    if letter == "_":
        return True
    return letter.isalnum() and unicodedata.east_asian_width(letter) not in "WF"


def _is_blank(letter: str) -> bool:
    return letter.isspace() or letter in SIGNS
