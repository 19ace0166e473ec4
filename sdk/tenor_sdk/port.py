"""The kernel's side of the SDK: what a ``Context`` carries privately. Plugins never use it; the SDK's functions are
its typed fronts, so that the SDK imports no kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from tenor_sdk.context import Context
    from tenor_sdk.files import StoredFile
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record
    from tenor_sdk.workflow import Blocker, Transition


class Port(Protocol):
    """What the kernel does for the SDK's functions."""

    def procedure(self, ctx: Context, plugin: str, name: str) -> AbstractContextManager[None]: ...
    def savepoint(self, ctx: Context) -> AbstractContextManager[None]: ...
    def call_hook(self, ctx: Context, name: str, arguments: Mapping[str, object]) -> list[Any]: ...
    def transition(
        self, ctx: Context, record: Record, transition: Transition, inputs: object, reason: str
    ) -> bool: ...
    def advance(self, ctx: Context, record: Record) -> bool: ...
    def start_workflow(self, ctx: Context, record: Record) -> None: ...
    def blockers(
        self, ctx: Context, record: Record, transition: Transition
    ) -> Sequence[Blocker]: ...
    def record_duty(self, ctx: Context, record: Record, step: str) -> None: ...
    def who_did(self, ctx: Context, record: Record, step: str) -> Sequence[int]: ...
    def notify(
        self,
        ctx: Context,
        users: Sequence[int],
        title: Text,
        body: Text | None,
        about: Record | None,
    ) -> None: ...
    def comment(self, ctx: Context, record: Record, text: str) -> None: ...
    def store_file(
        self, ctx: Context, name: str, content: bytes, about: Record | None
    ) -> StoredFile: ...
    def read_file(self, ctx: Context, file_id: int) -> tuple[StoredFile, bytes]: ...
    def insert_from(
        self, ctx: Context, target: type[Record], columns: Sequence[Any], source: Select[Any]
    ) -> int: ...
    def update_where(
        self, ctx: Context, target: type[Record], where: Any, values: Mapping[str, object]
    ) -> int: ...
    def load(
        self, ctx: Context, target: type[Record], rows: Sequence[Mapping[str, object]]
    ) -> int: ...
    def outside(
        self,
        ctx: Context,
        key: str,
        call: Callable[[str], Any],
        ask: Callable[[str], Any] | None,
    ) -> Any: ...
    def working_days_after(self, ctx: Context, start: datetime, days: int) -> datetime: ...
    def is_working_day(self, ctx: Context, day: Any) -> bool: ...
    def text(self, ctx: Context, text: Text | str) -> str: ...
    def user_names(self, ctx: Context, users: Sequence[int]) -> Mapping[int, str]: ...
    def users_with(self, ctx: Context, position: str, unit: int | None) -> Sequence[int]: ...
    def may(self, ctx: Context, what: Any, record: Record | None) -> bool: ...


def port_of(ctx: Context) -> Port:
    """The kernel's port behind ``ctx``."""
    return cast("Port", ctx._tenor_port)  # noqa: SLF001 -- the one place that looks behind ctx
