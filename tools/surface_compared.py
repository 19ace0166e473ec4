"""Which differences between two surfaces break whoever uses the older one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest


def breaking(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """What is gone, what is asked that wasn't, what is another type; in words, by name."""
    for name, said in before.items():
        if name not in now:
            yield f"{name} is gone"
        elif not _still_serves(said, now[name]):
            yield f"{name} was {said} and is {now[name]}"
    for name in now.keys() - before.keys():
        holder = name.rpartition(".")[0]
        owner = before.get(holder, "")
        if "class(" in owner and now[name].startswith("abstract"):
            yield f"{name} is asked of whoever fills in the class"
        elif f"{holder}.__init__" in now:
            continue  # what it asks stands there
        elif owner.startswith("@dataclass") and _must_be_given(now[name]):
            yield f"{name} is asked of whoever makes one: give it a default"


def _must_be_given(said: str) -> bool:
    kinds = ("ClassVar", "(", "property", "classmethod", "staticmethod")
    return not (said.endswith(" = ...") or said.startswith(kinds))


def _still_serves(before: str, now: str) -> bool:
    """Whether what was written against the older one holds with the newer: a default more, a base more, wider calls."""
    if now in (before, f"{before} = ..."):
        return True
    if "class(" in before and "class(" in now:
        return _bases(before) <= _bases(now)
    old, new = _call(before), _call(now)
    return old is not None and new is not None and _takes_as_much(old, new)


def _bases(said: str) -> set[str]:
    mark, _class, bases = said.partition("class(")
    return {mark, *bases.removesuffix(")").split(", ")} - {""}


def _call(said: str) -> ast.FunctionDef | None:
    """A signature without overloads as Python reads it; None for anything else."""
    found = re.fullmatch(r"((?:\w+ )*)(\(.*)", said)
    try:
        parsed = (
            ast.parse(f"def {'_'.join((found[1] + 'f').split())}{found[2]}: ...") if found else None
        )
    except SyntaxError:
        return None
    node = parsed.body[0] if parsed else None
    return node if isinstance(node, ast.FunctionDef) else None


def _takes_as_much(old: ast.FunctionDef, new: ast.FunctionDef) -> bool:
    same = old.name == new.name and _text(old.returns) == _text(new.returns)
    before, now = _places(old), _places(new)
    in_order = all(
        was is None or (of is not None and of[:2] == was[:2] and (of[2] or not was[2]))
        for was, of in zip_longest(before, now)
    )
    optional = all(given for _name, _type, given in now[len(before) :])
    named, now_named = _named(old), _named(new)
    kept = all(
        name in now_named and now_named[name][0] == kind and (now_named[name][1] or not given)
        for name, (kind, given) in named.items()
    )
    more = all(given for name, (_kind, given) in now_named.items() if name not in named)
    return same and in_order and optional and kept and more and _gathers_as_much(old, new)


def _gathers_as_much(old: ast.FunctionDef, new: ast.FunctionDef) -> bool:
    """``*arguments`` and ``**more`` stand as they did."""
    was = (_text(old.args.vararg), _text(old.args.kwarg))
    now = (_text(new.args.vararg), _text(new.args.kwarg))
    return all(before in ("", after) for before, after in zip(was, now, strict=True))


def _places(node: ast.FunctionDef) -> list[tuple[str, str, bool]]:
    """Arguments that can be given by place: name, type, whether there is a default."""
    places = [*node.args.posonlyargs, *node.args.args]
    free = len(places) - len(node.args.defaults)
    return [(each.arg, _text(each.annotation), at >= free) for at, each in enumerate(places)]


def _named(node: ast.FunctionDef) -> dict[str, tuple[str, bool]]:
    pairs = zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    return {each.arg: (_text(each.annotation), given is not None) for each, given in pairs}


def _text(node: ast.AST | None) -> str:
    return "" if node is None else ast.unparse(node)
