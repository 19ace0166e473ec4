"""Which plugins are enabled, and the generation of that set, which every process compares with its own."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from tenor_sdk.records import Record, field


class PluginState(Record):
    """A plugin that was enabled at some time."""

    __title__ = "Plugin"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = field(max_length=64, readonly=True)
    enabled: Mapped[bool] = field(default=False, readonly=True)
    installed_version: Mapped[str] = field(
        default="", max_length=64, readonly=True, label="Version"
    )
    granted: Mapped[str | None] = field(
        default=None,
        max_length=200,
        readonly=True,
        help="What it may do beyond its own records, of what it asks for",
    )
    denied: Mapped[str | None] = field(default=None, max_length=200, readonly=True)


class Generation(Record):
    """The number of the set of enabled plugins; one row. A process with a smaller one is replaced."""

    number: Mapped[int] = field(default=1, readonly=True)
    safe_mode: Mapped[str] = field(
        default="",
        max_length=200,
        readonly=True,
        help="Why only the kernel’s own part runs; empty: all does",
    )


class DemoPlayed(Record):
    """A plugin whose demo data was played for this institution."""

    __title__ = "Demo data"
    __plural__ = "Demo data"
    __table_args__ = (UniqueConstraint("plugin"),)

    plugin: Mapped[str] = field(max_length=64, readonly=True)
