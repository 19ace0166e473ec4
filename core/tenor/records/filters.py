"""The filter language: what narrows a list, in one line that people type, an address holds and a shell takes.

::

    filter = every ("or" every)*
    every  = one ("and" one)*
    one    = "not" one | "(" filter ")" | test
    test   = field sign value
    sign   = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~" | "!~"
    value  = word | word ".." word | "(" word ("," word)* ")" | "empty"

A word with blanks, signs or brackets in it stands in quotes; 且, 或, 非 and 空 stand for and, or, not and empty. What
fields and words mean is said in ``conditions``; here is only the shape. A comparison is true or it isn't: one with an
empty field is not true, and ``not`` turns it round, so that ``grade != A`` holds for what has no grade.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from tenor_sdk.errors import Invalid
from tenor_sdk.i18n import Text, _

Sign = Literal["=", "<", "<=", ">", ">=", "~"]

#: characters of a filter, brackets and nots within each other, and values compared with, all told
LONGEST: Final = 2000
DEEPEST: Final = 20
MOST: Final = 200


@dataclass(frozen=True)
class Comparison:
    """One comparison.

    Args:
        field: its name, or ``link.name``.
        values: what it is compared with: one of several for ``=`` and ``~``; none for ``= empty``.
        at: where it begins in the text, from 1; 0 where there is no text.
        values_at: where each value begins.
    """

    field: str
    sign: Sign
    values: tuple[str, ...]
    at: int = dataclasses.field(default=0, compare=False)
    values_at: tuple[int, ...] = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True)
class Not:
    """Whatever ``term`` doesn't hold for."""

    term: Tree


@dataclass(frozen=True)
class And:
    """All of several, none of them an ``And`` itself."""

    terms: tuple[Tree, ...]


@dataclass(frozen=True)
class Or:
    """One of several, none of them an ``Or`` itself."""

    terms: tuple[Tree, ...]


Tree = Comparison | Not | And | Or


def parse(text: str) -> Tree | None:
    """Read a filter; None for blanks.

    Raises:
        Invalid: ``filter-too-long``; ``filter-syntax``, ``filter-too-deep``, ``filter-too-large`` and
            ``control-characters`` with the place.
    """
    if len(text) > LONGEST:
        raise Invalid("filter-too-long", None, limit=LONGEST)
    if (found := _NO_TEXT.search(text)) is not None:
        raise Invalid("control-characters", None, at=found.start() + 1)
    return None if not text.strip() else _Parser(text).filter()


def both(*terms: Tree | None) -> Tree | None:
    """All of these; None where there are none."""
    return _joined(And, [term for term in terms if term is not None])


def conjuncts(tree: Tree | None) -> tuple[Tree, ...]:
    """What must all hold."""
    if tree is None:
        return ()
    return tree.terms if isinstance(tree, And) else (tree,)


def tests(tree: Tree | None) -> Iterator[Comparison]:
    """Every comparison in it."""
    if isinstance(tree, Comparison):
        yield tree
    elif isinstance(tree, Not):
        yield from tests(tree.term)
    elif tree is not None:
        for term in tree.terms:
            yield from tests(term)


def is_filter(text: str) -> bool:
    """Whether what somebody typed into a search box is a filter: a sign stands in it, outside quotes. It is looked for
    as far as a filter goes, as from each quote that nothing closes its end is."""
    return _SIGN_IN.search(_QUOTED.sub("", text[:LONGEST])) is not None


def searched(text: str) -> str:
    """What a search box without a filter looks for: the text, without the quotes that make it one."""
    whole = _QUOTED.fullmatch(text.strip())
    return _unescaped(whole[1]) if whole and _SIGN_IN.search(whole[1]) else text


def written(tree: Tree | None) -> str:
    """A filter as text, in the one form that all trees have: ``parse(written(tree)) == tree``."""
    if tree is None:
        return ""
    if isinstance(tree, Comparison):
        return _test(tree, tree.sign)
    if isinstance(tree, Not):
        if isinstance(tree.term, Comparison) and tree.term.sign in _NEGATED:
            return _test(tree.term, _NEGATED[tree.term.sign])
        return f"not {_bracketed(tree.term, (And, Or))}"
    if isinstance(tree, And):
        return " and ".join(_bracketed(term, (And, Or)) for term in tree.terms)
    return " or ".join(_bracketed(term, (And, Or)) for term in tree.terms)


def _bracketed(tree: Tree, kinds: tuple[type, ...]) -> str:
    return f"({written(tree)})" if isinstance(tree, kinds) else written(tree)


def _test(test: Comparison, sign: str) -> str:
    words = [_word(value) for value in test.values]
    value = words[0] if len(words) == 1 else f"({', '.join(words)})" if words else "empty"
    return f"{_word(test.field)} {sign} {value}"


def _word(text: str) -> str:
    if _BARE.fullmatch(text) and text.lower() not in _KEYWORDS:
        return text
    return '"' + re.sub('["“”\\\\]', r"\\\g<0>", text) + '"'


# -- simple pairs -----------------------------------------------------------------------------------------------------


def of_pair(key: str, values: Sequence[str]) -> Tree | None:
    """What an address's ``key=value`` says: one of the values; of ``key__from`` and ``key__to``, a bound.

    Raises:
        Invalid: ``unknown-filter``: another word after the dashes.
    """
    name, dashes, bound = key.partition("__")
    if dashes and bound not in _BOUNDS:
        raise Invalid("unknown-filter", None, name=key)
    if not values:
        return None
    return Comparison(name, _BOUNDS[bound], tuple(values[:1] if bound else values))


def to_pairs(tree: Tree | None) -> tuple[dict[str, list[str]], Tree | None]:
    """What of a filter an address can say as pairs, and what is left."""
    pairs: dict[str, list[str]] = {}
    left: list[Tree] = []
    for term in conjuncts(tree):
        key = _pair_key(term)
        if key and key not in pairs and isinstance(term, Comparison):
            pairs[key] = list(term.values)
        else:
            left.append(term)
    return pairs, both(*left)


def _pair_key(term: Tree) -> str:
    if not isinstance(term, Comparison) or not all(term.values) or not term.values:
        return ""
    suffix = {"=": "", ">=": "__from", "<=": "__to"}.get(term.sign)
    return "" if suffix is None or "__" in term.field else term.field + suffix


_BOUNDS: Final[Mapping[str, Sign]] = {"": "=", "from": ">=", "to": "<="}


# -- reading ----------------------------------------------------------------------------------------------------------

_IN_CHINESE: Final = {"且": "and", "或": "or", "非": "not", "空": "empty"}
_KEYWORDS: Final = frozenset((*_IN_CHINESE, *_IN_CHINESE.values()))
_NEGATED: Final = {"=": "!=", "~": "!~"}
#: as input methods type them
_AS_TYPED: Final = {
    "≠": "!=", "≤": "<=", "≥": ">=", "＝": "=", "＜": "<", "＞": ">", "～": "~", "，": ",", **_IN_CHINESE
}  # fmt: skip
_SIGNS: Final = "!=|<=|>=|!~|[=<>~≠≤≥＝＜＞～]"
_LETTERS: Final = r"""(?:(?!\.\.)[^\s()"“”,，=<>~!≠≤≥＝＜＞～\\])+"""
_TOKEN: Final = re.compile(
    rf"""(?P<sign>{_SIGNS})|(?P<mark>[(),，]|\.\.)|["“”](?P<quoted>(?:[^"“”\\]|\\.)*)["“”]|(?P<word>{_LETTERS})""",
    re.DOTALL,
)
_BARE: Final = re.compile(_LETTERS)
_QUOTED: Final = re.compile(r"""["“”]((?:[^"“”\\]|\\.)*)["“”]""", re.DOTALL)
_SIGN_IN: Final = re.compile(_SIGNS)
_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class _Token:
    kind: Literal["sign", "mark", "quoted", "word", "end"]
    text: str
    at: int

    def is_keyword(self, word: str) -> bool:
        return self.kind == "word" and self.text.lower() == word

    def is_mark(self, mark: str) -> bool:
        return self.kind == "mark" and self.text == mark

    def is_name(self) -> bool:
        return self.kind == "quoted" or (self.kind == "word" and self.text.lower() not in _KEYWORDS)


def _tokens(text: str) -> Iterator[_Token]:
    place = 0
    while True:
        while place < len(text) and text[place].isspace():
            place += 1
        if place == len(text):
            yield _Token("end", "", place + 1)
            return
        found = _TOKEN.match(text, place)
        if found is None:  # a quote that isn't closed, a sign of its own
            raise _unexpected(_("a word"), text[place], place + 1)
        kind = cast("Literal['sign', 'mark', 'quoted', 'word']", found.lastgroup)
        said = found[kind]
        said = _unescaped(said) if kind == "quoted" else _AS_TYPED.get(said, said)
        yield _Token(kind, said, place + 1)
        place = found.end()


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _unexpected(expected: Text, found: str, at: int) -> Invalid:
    return Invalid(
        "filter-syntax", None, at=at, expected=expected, found=found[:40] or _("the end")
    )


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.place = 0
        self.depth = 0
        self.values = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.place]

    def take(self) -> _Token:
        token = self.next
        self.place += 1
        return token

    def took(self, mark: str) -> bool:
        """Whether a mark or keyword came, and is taken."""
        if self.next.is_mark(mark) or self.next.is_keyword(mark):
            self.place += 1
            return True
        return False

    def filter(self) -> Tree:
        tree = self.some()
        if self.next.kind != "end":
            raise _unexpected(_("and, or, or the end"), self.next.text, self.next.at)
        return tree

    def some(self) -> Tree:
        terms = [self.every()]
        while self.took("or"):
            terms.append(self.every())
        return _sure(_joined(Or, terms))

    def every(self) -> Tree:
        terms = [self.one()]
        while self.took("and"):
            terms.append(self.one())
        return _sure(_joined(And, terms))

    def one(self) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Invalid("filter-too-deep", None, limit=DEEPEST, at=self.next.at)
        if self.took("not"):
            tree: Tree = Not(self.one())
        elif self.took("("):
            tree = self.some()
            if not self.took(")"):
                raise _unexpected(_("and, or, or )"), self.next.text, self.next.at)
        else:
            tree = self.test()
        self.depth -= 1
        return tree

    def test(self) -> Tree:
        name = self.take()
        if not name.is_name() or not name.text:
            raise _unexpected(_("a field"), name.text, name.at)
        sign = self.take()
        if sign.kind != "sign":
            raise _unexpected(_("one of = != < <= > >= ~ !~"), sign.text, sign.at)
        plain = cast("Sign", sign.text.removeprefix("!") if sign.text != "!=" else "=")
        tree = self.compared(name, plain)
        return Not(tree) if sign.text.startswith("!") else tree

    def compared(self, name: _Token, sign: Sign) -> Tree:
        if sign == "=" and self.took("empty"):
            return self._made(name, sign, [])
        if sign in ("=", "~") and self.took("("):
            words = [self.word()]
            while self.took(","):
                words.append(self.word())
            if not self.took(")"):
                raise _unexpected(_(", or )"), self.next.text, self.next.at)
            return self._made(name, sign, words)
        first = self.word()
        if sign == "=" and self.took(".."):
            bounds = (self._made(name, ">=", [first]), self._made(name, "<=", [self.word()]))
            return And(bounds)
        return self._made(name, sign, [first])

    def word(self) -> _Token:
        token = self.take()
        if not token.is_name():
            raise _unexpected(_("a value"), token.text, token.at)
        return token

    def _made(self, name: _Token, sign: Sign, words: Sequence[_Token]) -> Comparison:
        room = MOST - self.values
        self.values += max(1, len(words))
        if self.values > MOST:
            over = words[room] if words else name
            raise Invalid("filter-too-large", None, limit=MOST, at=over.at)
        places = tuple(word.at for word in words)
        return Comparison(name.text, sign, tuple(word.text for word in words), name.at, places)


def _joined(kind: type[And | Or], terms: Sequence[Tree]) -> Tree | None:
    flat: list[Tree] = []
    for term in terms:
        flat += term.terms if isinstance(term, kind) else (term,)
    return (kind(tuple(flat)) if len(flat) > 1 else flat[0]) if flat else None


def _sure(tree: Tree | None) -> Tree:
    assert tree is not None
    return tree
