"""Looking through the text of an expression before the engine does: what it names, and what it may not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from tenor_sdk.errors import Invalid, TenorError
from tenor_sdk.values import Money, Rate

#: characters of an expression
LONGEST: Final = 2000
#: before the name of a truth that says whether a name's value is known
HAS: Final = "has_"

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<number>\d[\w.]*)
      | (?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
_ASKED: Final = re.compile(r"has\([ \t]*(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)[ \t]*\)")
_WORDS: Final = frozenset(("true", "false", "in"))
#: calls whose words are read when the expression is written down
_LITERALS: Final = {"money": 2, "percent": 1, "date": 1}


@dataclass(frozen=True)
class Token:
    """A word or sign, with its place in the text."""

    kind: str
    text: str
    at: int


@dataclass(frozen=True)
class Scan:
    """What is known of a text before it is compiled.

    Args:
        text: as the engine gets it: of the same length, with ``has(x)`` as a name.
        names: everything named by it that is no call, once each.
    """

    text: str
    names: tuple[str, ...]


def scan(text: str) -> Scan:
    """Look through a text.

    Raises:
        Invalid: ``expression-too-long``, ``expression-syntax`` ``expression-number`` for what the
            language leaves out, ``expression-literal``.
    """
    if len(text) > LONGEST:
        raise Invalid("expression-too-long", None, limit=LONGEST)
    tokens = [token for token in _tokens(text) if token.kind != "space"]
    for token in tokens:
        _check(text, token)
    for place in range(len(tokens)):
        _check_literal(text, tokens, place)
    return Scan(_asked(text, tokens), tuple(dict.fromkeys(_names(text, tokens))))


def place_in(text: str, at: int) -> dict[str, int]:
    """Line and column of a character, counted from 1."""
    before = text[:at]
    return {"line": before.count("\n") + 1, "column": at - (before.rfind("\n") + 1) + 1}


def _tokens(text: str) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        yield Token(found.lastgroup or "sign", found.group(), found.start())


def _check(text: str, token: Token) -> None:
    """What the engine would take and the language leaves out: numbers that aren't exact, patterns, structures."""
    if token.kind == "number" and not token.text.isdigit():
        raise Invalid("expression-number", None, what=token.text[:40], **place_in(text, token.at))
    after = text[token.at + len(token.text) : token.at + len(token.text) + 1]
    prefixed = token.kind == "name" and after in ('"', "'") and after
    if prefixed or (token.kind == "sign" and token.text in "{}`\\\"'?" and token.text != "?"):
        raise Invalid("expression-syntax", None, what=token.text[:40], **place_in(text, token.at))


def _names(text: str, tokens: list[Token]) -> Iterator[str]:
    for place, token in enumerate(tokens):
        if token.kind != "name" or token.text in _WORDS:
            continue
        called = place + 1 < len(tokens) and tokens[place + 1].text == "("
        if not called:
            yield token.text
        elif "." in token.text:  # a function of a text: what stands before its last dot is the name
            yield token.text.rpartition(".")[0]


def _asked(text: str, tokens: list[Token]) -> str:
    """``has(customer.name)`` as the name of a truth, where it isn't within a text."""
    parts, done = [], 0
    for token in tokens:
        if token.text != "has" or token.at < done:
            continue
        found = _ASKED.match(text, token.at)
        if found is None:
            raise Invalid("expression-syntax", None, what="has", **place_in(text, token.at))
        parts += [text[done : found.start()], f"{HAS}{found['name']}".ljust(len(found.group()))]
        done = found.end()
    return "".join((*parts, text[done:]))


def _check_literal(text: str, tokens: list[Token], place: int) -> None:
    """``money("12.345", "CNY")`` is wrong whatever the record."""
    name = tokens[place].text
    if tokens[place].kind != "name" or name not in _LITERALS:
        return
    words = tokens[place + 1 : place + 2 + 2 * _LITERALS[name]]
    shape = [token.kind == "text" or token.text for token in words]
    if shape != ["(", *([True, ","] * _LITERALS[name])[:-1], ")"]:
        return
    given = [token.text[1:-1] for token in words if token.kind == "text"]
    try:
        literal(name, *given)
    except TenorError as error:
        raise Invalid(
            "expression-literal", None, why=error, **place_in(text, words[1].at)
        ) from None


def literal(name: str, *given: str) -> Money | Rate | date:
    """What ``money``, ``percent`` and ``date`` make of their texts.

    Raises:
        Invalid: as ``Money.of``; ``not-a-rate``, ``not-a-date``.
    """
    if name == "money":
        return Money.of(*given)
    if name == "percent":
        return Rate.percent(given[0])
    try:
        return date.fromisoformat(given[0])
    except ValueError:
        raise Invalid("not-a-date", value=given[0]) from None
