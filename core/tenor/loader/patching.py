"""Whether a plugin replaced, while it was imported, what is another's: Python can't refuse it, so it is found
afterwards, undone and named."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any, Final

from tenor_sdk.declare import plugin_of

_KERNEL: Final = ("tenor", "tenor_sdk")
_CODE: Final = (FunctionType, property, classmethod, staticmethod)


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
        self._kept: dict[tuple[int, str], tuple[ModuleType | type, object]] = {}
        self.keep(_KERNEL)

    def keep(self, packages: Collection[str]) -> None:
        """Remember what the modules of these packages hold by now."""
        within = tuple(f"{package}." for package in packages)
        for known, module in [*sys.modules.items()]:
            if module is not None and (known in packages or known.startswith(within)):
                for owner, name, value in _held(module):
                    self._kept.setdefault((id(owner), name), (owner, value))

    def patched(self) -> Iterator[Patched]:
        """What was replaced since."""
        for (_id, name), (owner, before) in self._kept.items():
            now = vars(owner).get(name, before)
            if now is not before and not _is_a_tools(now):
                yield Patched(owner, name, before, now)


def _held(module: ModuleType) -> Iterator[tuple[ModuleType | type, str, object]]:
    for name, value in [*vars(module).items()]:
        if isinstance(value, FunctionType | type):
            yield module, name, value
        if isinstance(value, type) and value.__module__ == module.__name__:
            for inner, held in [*vars(value).items()]:
                if isinstance(held, _CODE):
                    yield value, inner, held


def _is_a_tools(value: object) -> bool:
    """Whether a library put it there, as SQLAlchemy does with what it maps."""
    return str(getattr(value, "__module__", "")).partition(".")[0] == "sqlalchemy"
