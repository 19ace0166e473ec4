"""The language on its engine, the Common Expression Language: what there is stands here, and nothing of the
engine's own library beyond it, so that no text loops, matches patterns or builds what grows.

Imported by the first expression."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from cel_expr_python import cel

from tenor.expressions import values
from tenor.expressions.scanning import HAS, Scan
from tenor.expressions.values import MARK, decoded, encoded
from tenor_sdk.errors import Invalid, Refused
from tenor_sdk.expressions import ExpressionType, ExpressionValue
from tenor_sdk.i18n import Text, _

_T: Final = cel.Type
TYPES: Final[Mapping[ExpressionType, Any]] = {
    ExpressionType.TRUTH: _T.BOOL,
    ExpressionType.NUMBER: _T.INT,
    ExpressionType.TEXT: _T.STRING,
    ExpressionType.MONEY: _T.Map(_T.STRING, _T.INT),
    ExpressionType.RATE: _T.Map(_T.STRING, _T.BOOL),
    ExpressionType.DATE: _T.BYTES,
    ExpressionType.TIME: _T.TIMESTAMP,
}
_TRUTH, _NUMBER, _TEXT, _MONEY, _RATE, _DATE, _TIME = TYPES.values()
#: as the engine's messages call them
_CALLED: Final = {
    "bool": ExpressionType.TRUTH,
    "int": ExpressionType.NUMBER,
    "string": ExpressionType.TEXT,
    "map(string, int)": ExpressionType.MONEY,
    "map(string, bool)": ExpressionType.RATE,
    "bytes": ExpressionType.DATE,
    "google.protobuf.Timestamp": ExpressionType.TIME,
    "timestamp": ExpressionType.TIME,
}
_WORDS: Final[Mapping[ExpressionType, Text]] = {
    ExpressionType.TRUTH: _("yes or no"),
    ExpressionType.NUMBER: _("a whole number"),
    ExpressionType.TEXT: _("a text"),
    ExpressionType.MONEY: _("money"),
    ExpressionType.RATE: _("a rate"),
    ExpressionType.DATE: _("a date"),
    ExpressionType.TIME: _("a time"),
}
_LIBRARY: Final = """
name: tenor
stdlib:
  disable_macros: true
  include_functions:
    - name: _&&_
    - name: _||_
    - name: "!_"
    - name: "_?_:_"
    - name: startsWith
    - name: endsWith
    - name: contains
"""
_FAULT: Final = re.compile(r"ERROR: [^:]*:(\d+):(\d+): (.*)")
_NO_SUCH: Final = re.compile(r"undeclared reference to '([^']*)'")
_NO_SIGN: Final = re.compile(r"found no matching overload for '([^']*)' applied to '(.*)'")
_LACKING: Final = re.compile(r'No value with name "([^"]*)"')


class Language:
    """The language over some names.

    Args:
        names: what they stand for.
        local_day: the day of an instant in the institution's time zone.
    """

    def __init__(
        self, names: Mapping[str, ExpressionType], local_day: Callable[[datetime], Any]
    ) -> None:
        variables = {name: TYPES[kind] for name, kind in names.items()}
        asked = {f"{HAS}{name}": _TRUTH for name in names}
        self._environment = cel.NewEnv(
            variables={**asked, **variables},
            functions=_functions(local_day),
            config=cel.NewEnvConfigFromYaml(_LIBRARY),
        )

    def compiled(self, scan: Scan) -> Compiled:
        """A text, checked.

        Raises:
            Invalid: with ``line`` and ``column``.
        """
        try:
            made = self._environment.compile(scan.text)
        except RuntimeError as error:
            raise _invalid(str(error)) from None
        return Compiled(made, scan)


class Compiled:
    """An expression that can be asked."""

    def __init__(self, made: Any, scan: Scan) -> None:
        self._made, self.names = made, scan.names
        returned = made.return_type()
        self.gives = next((kind for kind, type_ in TYPES.items() if type_ == returned), None)

    def value(self, known: Mapping[str, Any], asked: Mapping[str, bool]) -> ExpressionValue:
        """What it comes to.

        Args:
            known: values of names, as ``encoded``; those that aren't known are left out.
            asked: for each name whether it is known.

        Raises:
            Refused: it comes to nothing.
        """
        data = {**known, **{f"{HAS}{name}": is_known for name, is_known in asked.items()}}
        try:
            answer = self._made.eval(data=data)
        except RuntimeError as error:
            raise _refused(str(error)) from None
        # the engine hands an error back as a value, which would count as true
        if answer.type() == _T.ERROR or answer.type() == _T.UNKNOWN or self.gives is None:
            raise _refused(str(answer.value()))
        plain = answer.plain_value()
        if self.gives is ExpressionType.TRUTH and not isinstance(plain, bool):
            raise _refused(str(plain))
        return decoded(self.gives, plain)


def _functions(local_day: Callable[[datetime], Any]) -> list[Any]:
    """Every sign and function, by what it gives and takes.

    A row that ends with a function is done by it, any other by what the engine itself has for such values, or, as money
    and rates are of one kind to it, by the function of the row before.
    """
    plain = (_NUMBER, _TEXT, _TIME, _DATE)
    found = []
    for sign, how in (
        ("_<_", operator.lt),
        ("_<=_", operator.le),
        ("_>_", operator.gt),
        ("_>=_", operator.ge),
    ):
        rows = [
            *((_TRUTH, one, one) for one in plain),
            (_TRUTH, _MONEY, _MONEY, values.compared(how)),
        ]
        found.append(_declared(sign, *rows, (_TRUTH, _RATE, _RATE)))
    for sign, how in (("_==_", operator.eq), ("_!=_", operator.ne)):
        done = values.compared(how)
        each = ((_TRUTH, one, one, done) for one in (_TRUTH, *plain, _MONEY))
        found.append(_declared(sign, *each, (_TRUTH, _RATE, _RATE)))
    found += [
        _declared("_+_", (_NUMBER, _NUMBER, _NUMBER), (_MONEY, _MONEY, _MONEY, values.added), (_RATE, _RATE, _RATE),
                  (_DATE, _DATE, _NUMBER, values.later)),
        _declared("_-_", (_NUMBER, _NUMBER, _NUMBER), (_MONEY, _MONEY, _MONEY, values.taken), (_RATE, _RATE, _RATE),
                  (_DATE, _DATE, _NUMBER, values.earlier), (_NUMBER, _DATE, _DATE, values.days_between)),
        _declared("_*_", (_NUMBER, _NUMBER, _NUMBER),
                  (_MONEY, _MONEY, _NUMBER, values.times), (_RATE, _RATE, _NUMBER),
                  (_MONEY, _NUMBER, _MONEY, lambda number, one: values.times(one, number)), (_RATE, _NUMBER, _RATE)),
        _declared("-_", (_NUMBER, _NUMBER), (_MONEY, _MONEY, values.negated), (_RATE, _RATE)),
        _declared("@in", *((_TRUTH, one, _T.List(one)) for one in (_TEXT, _NUMBER))),
        _declared("money", (_MONEY, _TEXT, _TEXT, values.made("money"))),
        _declared("percent", (_RATE, _TEXT, values.made("percent"))),
        _declared("date", (_DATE, _TEXT, values.made("date"))),
        _declared("share", (_MONEY, _MONEY, _RATE, values.share)),
        _declared("ratio", (_RATE, _MONEY, _MONEY, values.ratio)),
        _declared("day_of", (_DATE, _TIME, lambda moment: encoded(local_day(moment)))),
    ]  # fmt: skip
    return found


def _declared(name: str, *rows: tuple[Any, ...]) -> Any:
    return cel.FunctionDecl(
        name, [_overload(f"tenor_{name}_{n}", *row) for n, row in enumerate(rows)]
    )


def _overload(name: str, gives: Any, *takes: Any) -> Any:
    if isinstance(takes[-1], _T):
        return cel.Overload(name, gives, list(takes), False)
    return cel.Overload(name, gives, list(takes[:-1]), False, takes[-1])


# -- what the engine says, in our words --------------------------------------------------------------------------------


def _invalid(said: str) -> Invalid:
    found = _FAULT.search(said)
    if found is None:
        deep = "recursion" in said
        return Invalid(
            "expression-too-deep" if deep else "expression-syntax", None, line=1, column=1, what=""
        )
    place = {"line": int(found[1]), "column": int(found[2])}
    if named := _NO_SUCH.search(found[3]):
        return _unnamed(named[1], place)
    if mixed := _NO_SIGN.search(found[3]):
        return _mixed(mixed[1], _split(mixed[2]), place)
    return Invalid("expression-syntax", None, what="", **place)


def _mixed(sign: str, types: Sequence[str], place: Mapping[str, int]) -> Invalid:
    """Values of types that a sign doesn't take together."""
    said: Text | str = ""
    for one in map(type_words, (_CALLED.get(each) for each in types)):
        said = _("{one} and {other}", one=said, other=one) if said else one
    return Invalid("expression-types", None, sign=_sign(sign), types=said, **place)


def type_words(kind: ExpressionType | None) -> Text:
    """What a type is called."""
    return _WORDS[kind] if kind is not None else _("something else")


def _unnamed(name: str, place: Mapping[str, int]) -> Invalid:
    if "_" in (name[:1], name[-1:]) and not name.strip("_[]").isalnum():
        return Invalid("expression-syntax", None, what=_sign(name), **place)
    return Invalid("expression-unknown-name", None, name=name.removeprefix(HAS)[:80], **place)


def _sign(name: str) -> str:
    """``_<_`` as it is written."""
    return "in" if name == "@in" else name.replace("_", "") if "_" in (name[0], name[-1]) else name


def _split(types: str) -> list[str]:
    """``(map(string, int), int)`` by its outer commas."""
    parts, depth, begun = [], 0, 1
    for at, letter in enumerate(types):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if (letter == "," and depth == 1) or (letter == ")" and depth == 0):
            parts.append(types[begun:at].strip())
            begun = at + 1
    return parts


def _refused(said: str) -> Refused:
    if MARK in said:
        _before, key, *rest = said.split(MARK)
        if key == "expression-currencies":
            return Refused(key, one=rest[0], other=rest[1])
        return Refused(key)
    if lacking := _LACKING.search(said):
        return Refused("expression-unknown", name=lacking[1])
    if said.startswith("OUT_OF_RANGE") or "overflow" in said or "too big" in said:
        return Refused("expression-out-of-range")
    return Refused("expression-failed", what=said[:200])
