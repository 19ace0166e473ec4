"""Whether a plugin replaced, while it was imported, what is another's: Python can't refuse it, so it is found
afterwards, undone and named."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from operator import is_
from types import FunctionType, ModuleType
from typing import Any, Final

from tenor_sdk.declare import plugin_of

_KERNEL: Final = ("tenor", "tenor_sdk")
_CODE: Final = (FunctionType, property, classmethod, staticmethod)
_Owner = ModuleType | type


@dataclass(frozen=True)
class Patched:
    """Something that isn't any more what its owner made it.

    Args:
        owner: the module or class; ``name``: of its attribute.
        before, now: the two values.
    """

    owner: ModuleType | type
    name: str
    before: object
    now: object

    @property
    def what(self) -> str:
        """As it is spelt: ``tenor_customers.services.open_account``."""
        owner = self.owner
        if isinstance(owner, ModuleType):
            return f"{owner.__name__}.{self.name}"
        return f"{owner.__module__}.{owner.__qualname__}.{self.name}"

    @property
    def by(self) -> str:
        """The plugin whose code stands there now; empty where it doesn't say."""
        code: Any = self.now
        for way in ("fget", "__func__", "func", "__wrapped__"):
            code = getattr(code, way, code)
        try:
            return plugin_of(str(getattr(code, "__module__", "")))
        except ValueError:
            return ""

    def undo(self) -> None:
        setattr(self.owner, self.name, self.before)


class Originals:
    """Functions and classes as their owners made them, of the kernel from the start, of each plugin once it is
    imported."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[_Owner, Mapping[str, object]]] = {}
        self.keep(_KERNEL)

    def keep(self, packages: Collection[str]) -> None:
        """Remember what the modules of these packages hold by now."""
        within = tuple(f"{package}." for package in packages)
        for known, module in [*sys.modules.items()]:
            ours = known in packages or known.startswith(within)
            if ours and module is not None and id(module) not in self._kept:
                for owner in _owners(module):
                    self._kept[id(owner)] = owner, {**vars(owner)}

    def patched(self) -> Iterator[Patched]:
        """What was replaced since."""
        for owner, kept in self._kept.values():
            if _is_as_it_was(vars(owner), kept):
                continue
            own = _CODE if isinstance(owner, type) else (FunctionType, type)
            for name, before in kept.items():
                now = vars(owner).get(name, before)
                if now is not before and isinstance(before, own) and not _is_a_tools(now):
                    yield Patched(owner, name, before, now)


def _owners(module: ModuleType) -> Iterator[_Owner]:
    """A module, and the classes that it made."""
    yield module
    for value in [*vars(module).values()]:
        if isinstance(value, type) and value.__module__ == module.__name__:
            yield value


def _is_as_it_was(now: Mapping[str, object], kept: Mapping[str, object]) -> bool:
    """By identity: what is put in a function's place may say that it equals it."""
    return now.keys() == kept.keys() and all(map(is_, now.values(), kept.values()))


def _is_a_tools(value: object) -> bool:
    """Whether a library put it there, as SQLAlchemy does with what it maps."""
    return str(getattr(value, "__module__", "")).partition(".")[0] == "sqlalchemy"
