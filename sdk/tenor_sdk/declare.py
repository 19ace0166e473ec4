"""Where a declaration stands: the file and line that an error can point at, and the plugin that it belongs to."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a plugin's source at which something was declared."""

    module: str
    file: str
    line: int

    @property
    def plugin(self) -> str:
        return plugin_of(self.module)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def plugin_of(module: str) -> str:
    """The plugin that a module belongs to: its first package less ``tenor_``; the kernel's own is ``base``.

    Raises:
        ValueError: the module isn't part of any plugin.
    """
    package = module.partition(".")[0]
    if package == "tenor":
        return "base"
    if package == "tenor_sdk" or not package.startswith("tenor_"):
        raise ValueError(
            f"{module!r} belongs to no plugin: its first package must be named tenor_<plugin>"
        )
    return package.removeprefix("tenor_")


def caller() -> Origin:
    """The nearest place outside the SDK: the line of the plugin's source that is declaring something."""
    frame = sys._getframe(1)  # noqa: SLF001 -- the public way builds the whole stack, at each declaration
    while frame.f_back is not None and _inside_sdk(str(frame.f_globals.get("__name__", ""))):
        frame = frame.f_back
    return Origin(str(frame.f_globals["__name__"]), frame.f_code.co_filename, frame.f_lineno)


def _inside_sdk(module: str) -> bool:
    return module == "tenor_sdk" or module.startswith("tenor_sdk.") or module == "dataclasses"


@dataclass(frozen=True, kw_only=True, eq=False)
class Declaration:
    """What a plugin states as a value. Importing its module twice starts nothing: the kernel collects and acts.

    Declarations are compared by identity, so that one of another plugin, imported, is never taken for one's own.
    """

    origin: Origin = field(default_factory=caller, repr=False)

    @property
    def plugin(self) -> str:
        """The plugin whose source made this declaration."""
        return self.origin.plugin
