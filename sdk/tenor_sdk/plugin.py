"""What a plugin is, less what pip knows: name, version and requirements stand in its own pyproject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from tenor_sdk.i18n import Text, _

#: What a plugin may ask for beyond its own records: to reach other computers (``ask_outside``); to mail people who are
#: no users (``mail``); to keep and read files (``store_file``, ``read_file``); to read beyond a person's rows
#: (``ctx.elevated``); to work with records of plugins that it neither requires nor names as optional.
Asked = Literal["network", "email", "files", "elevated", "records"]
#: the same as it reads behind *may*
WORDS: Final[Mapping[str, Text]] = {
    "network": _("reach other computers"),
    "email": _("mail people who are no users"),
    "files": _("keep and read files"),
    "elevated": _("read beyond a person’s rows"),
    "records": _("work with records of plugins that it doesn’t need"),
}


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """The manifest of a plugin: one module-level ``plugin = Plugin(…)`` in its ``__init__``, in literals only.

    It is read without importing the plugin, so nothing in it may be computed.

    Args:
        title: the plugin's name as an administrator reads it, in English; translated by the plugin's catalogue.
        category: the group in which the plugins page shows it, such as ``"Lending"``.
        critical: whether the institution must not run without it: where it fails, the site goes into safe mode.
        optional: plugins that it works together with where they are enabled too (``integrations/<name>.py``).
        asks: what it wants beyond its own records; an administrator grants or denies it, and what isn't granted is
            refused at the SDK's functions with ``Forbidden``. A newer version that asks for more waits for their word.
    """

    title: str
    category: str = "General"
    critical: bool = False
    optional: tuple[str, ...] = ()
    asks: tuple[Asked, ...] = ()
