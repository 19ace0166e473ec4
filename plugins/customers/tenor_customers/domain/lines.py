"""The lines of financial statements and the names by which files call them: data, in ``data/statement_lines.toml``."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal

Part = Literal["balance", "income", "cash_flow", "memo"]

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十\d]+\)|\d+[.、)]|[*#△▲☆])+"
)
_PREFIX = re.compile(r"^(?:减|加|其中|less|add|ofwhich|including):")
_REMARK = re.compile(r"\((?:[^()]*(?:填列|损失以|亏损以)[^()]*)\)")
#: longer than what any file calls a line or a column; brackets that nothing closes cost the square of it
_LONGEST: Final = 500
_NOISE = re.compile(r"[\s_'\u2019\u200b-\u200f\ufeff-]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its code, the part of the statement it stands in, and its names."""

    code: str
    part: Part
    zh: str
    en: str
    aliases: tuple[str, ...]

    @property
    def flows(self) -> bool:
        """Whether the figure counts from the year's beginning (and so is annualised), not at a day."""
        return self.part in ("income", "cash_flow")


@cache
def known_lines() -> Mapping[str, Line]:
    """All lines by code, in the order of the statement."""
    text = (files("tenor_customers") / "data" / "statement_lines.toml").read_text(encoding="utf-8")
    lines = [
        Line(raw["code"], raw["part"], raw["zh"], raw["en"], tuple(raw["aliases"]))
        for raw in tomllib.loads(text)["line"]
    ]
    return MappingProxyType({line.code: line for line in lines})


def line_named(name: str) -> Line | None:
    """The line that a file calls `name`, in Chinese or English, or None."""
    return _lines_by_name().get(comparable(name))


def comparable(name: str) -> str:
    """`name` without what differs between files: width, case, spaces, numbering, 减: 加: 其中:, remarks in brackets.
    What is longer than any name is cut.

    >>> comparable("  减：营业成本 ") == comparable("营业成本")
    True
    """
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", name[:_LONGEST]).casefold())
    plain = _REMARK.sub("", plain)
    shorter = _PREFIX.sub("", _NUMBERING.sub("", plain))
    while shorter != plain:
        plain, shorter = shorter, _PREFIX.sub("", _NUMBERING.sub("", shorter))
    return plain.rstrip(":")


@cache
def _lines_by_name() -> Mapping[str, Line]:
    named: dict[str, Line] = {}
    for line in known_lines().values():
        for name in (line.code, line.zh, line.en, *line.aliases):
            other = named.setdefault(comparable(name), line)
            if other is not line:
                raise ValueError(f"{name!r} names both {other.code} and {line.code}")
    return MappingProxyType(named)
