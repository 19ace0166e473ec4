"""What the administrator set for the plugins, one row a setting."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenor_sdk.fields import FieldInfo, field
from tenor_sdk.records import Record


class PluginSetting(Record):
    """A value that differs from the default of a plugin's setting."""

    __title__ = "Setting"
    __table_args__ = (UniqueConstraint("plugin", "name"),)

    plugin: Mapped[str] = field(max_length=64, readonly=True)
    name: Mapped[str] = field(max_length=128, readonly=True)
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    #: for those declared ``secret``: the ledger keeps no more of it than that it changed
    hidden: Mapped[Any] = mapped_column(
        JSON(none_as_null=True), nullable=True, info={"tenor": FieldInfo(secret=True)}
    )
