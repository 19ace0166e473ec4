"""What plugins ask for beyond their own records, held to what an administrator granted, where the SDK is called.

Whose call it is, is told by the code that makes it, not by the procedure that is being gone through: a function that
one plugin publishes stands on that plugin's own grants, whoever calls it.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping
from inspect import currentframe
from typing import TYPE_CHECKING, Any, Final

from tenor.db.errors import Unguarded
from tenor_sdk.errors import Forbidden
from tenor_sdk.plugin import WORDS, Asked

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapper

    from tenor.declarations import Declarations
    from tenor.kernel import Kernel

_KERNEL: Final = "tenor"
#: modules of the kernel through which a plugin's call comes in: the caller is behind them
_DOORS: Final = frozenset(("tenor.context", "tenor.access.asks", "tenor.db.session"))
#: what stands behind a call in whoever's name it is made
_NOBODYS: Final = frozenset((*sys.stdlib_module_names, "tenor_sdk", "sqlalchemy")) - {"__main__"}


class Asks:
    """What each running plugin may do beyond its own records.

    Attributes:
        granted: by plugin.
    """

    def __init__(self) -> None:
        self.granted: dict[str, frozenset[str]] = {}
        self._asked: dict[str, frozenset[str]] = {}
        self._near: dict[str, frozenset[str]] = {}

    def load(self, kernel: Kernel, declarations: Declarations) -> None:
        """Take in what the running plugins ask for, what was granted, and whose records they name."""
        loader = kernel.loader
        names = [each.name for each in declarations.plugins]
        self._asked = {name: frozenset(loader.installed[name].stated.asks) for name in names}
        self.granted = {name: loader.granted(name) for name in names}
        needs = {
            each.name: {*each.requires, *loader.installed[each.name].stated.optional}
            for each in declarations.plugins
        }
        self._near = {name: frozenset(_near(name, needs)) for name in names}

    def check(self, what: Asked) -> None:
        """Whether the plugin whose code is calling may.

        Raises:
            Forbidden: ``plugin-not-granted``: it asks for it, and nobody granted it; ``plugin-did-not-ask``.
        """
        plugin = self.caller()
        if plugin and what not in self.granted[plugin]:
            raise self._refusal(plugin, what)

    def check_kinds(self, mappers: Collection[Mapper[Any]]) -> None:
        """Whether the plugin whose code is calling may work with these kinds of records.

        Raises:
            Forbidden: as ``check``.
        """
        plugin = self.caller()
        if not plugin or "records" in self.granted[plugin]:
            return
        near = self._near[plugin]
        if not all(mapper.class_.__plugin__ in near for mapper in mappers):
            raise self._refusal(plugin, "records")

    def caller(self) -> str:
        """The plugin whose code is calling the SDK; empty where it is the kernel's own, or none's.

        Raises:
            Unguarded: nobody's code is behind it: a function of the SDK was handed to a thread itself.
        """
        frame, nobodys = currentframe(), True
        while frame is not None:
            name = str(frame.f_globals.get("__name__", ""))
            package = name.partition(".")[0]
            nobodys = nobodys and (package in _NOBODYS or name in _DOORS)
            if package == _KERNEL and name not in _DOORS:
                return ""
            if package.startswith("tenor_") and package[6:] in self.granted:
                return package[6:]
            frame = frame.f_back
        if nobodys:
            raise Unguarded("a thread calls the SDK from a function of the plugin's own")
        return ""

    def _refusal(self, plugin: str, what: Asked) -> Forbidden:
        if what in self._asked[plugin]:
            return Forbidden("plugin-not-granted", plugin=plugin, what=WORDS[what], name=what)
        return Forbidden("plugin-did-not-ask", plugin=plugin, what=WORDS[what], name=what)


def _near(name: str, needs: Mapping[str, Collection[str]]) -> set[str]:
    """A plugin, the kernel, and all whose records it knows by what it and those need."""
    found, waiting = {"base"}, [name]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting.extend(needs.get(each, ()))
    return found
