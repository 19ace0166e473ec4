"""The checks behind ``PluginContract``. Each returns what is wrong, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenor.kernel import Kernel


def check(name: str, institution: Kernel | None, plugin: str) -> list[str]:
    """Run one check of a plugin."""
    return []
