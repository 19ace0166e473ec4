"""What a plugin is, less what pip knows: name, version and requirements stand in its own pyproject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Asked = Literal["network", "email", "files", "elevated"]


@dataclass(frozen=True, kw_only=True)
class Plugin:
    """The manifest of a plugin: one module-level ``plugin = Plugin(…)`` in its ``__init__``, in literals only.

    It is read without importing the plugin, so nothing in it may be computed.

    Args:
        title: the plugin's name as an administrator reads it, in English; translated by the plugin's catalogue.
        category: the group in which the plugins page shows it, such as ``"Lending"``.
        critical: whether the institution must not run without it: where it fails, the site goes into safe mode.
        optional: plugins that it works together with where they are enabled too (``integrations/<name>.py``).
        asks: what it wants beyond its own records; an administrator grants it.
    """

    title: str
    category: str = "General"
    critical: bool = False
    optional: tuple[str, ...] = ()
    asks: tuple[Asked, ...] = ()
