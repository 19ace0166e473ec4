"""The kernel's side of the SDK: what a ``Context`` carries privately. Plugins never use it; the SDK's functions are
its typed fronts, so that the SDK imports no kernel."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Select

    from tenor_sdk.access import Permission
    from tenor_sdk.approvals import Ballot
    from tenor_sdk.authority import Authority, AuthorityLimit
    from tenor_sdk.context import Context
    from tenor_sdk.files import StoredFile
    from tenor_sdk.i18n import Text
    from tenor_sdk.records import Record
    from tenor_sdk.settings import Settings
    from tenor_sdk.workflow import Blocker, Transition

R = TypeVar("R", bound="Record")


class Port(Protocol):
    """What the kernel does for the SDK's functions."""

    def procedure(
        self, ctx: Context, plugin: str, name: str, by: Permission | None = None
    ) -> AbstractContextManager[None]: ...
    def savepoint(self, ctx: Context) -> AbstractContextManager[None]: ...
    def call_hook(self, ctx: Context, name: str, arguments: Mapping[str, object]) -> list[Any]: ...
    def transition(
        self,
        ctx: Context,
        record: Record,
        transition: Transition,
        inputs: object,
        reason: str,
        ballot: Ballot = ...,
    ) -> bool: ...
    def advance(self, ctx: Context, record: Record) -> bool: ...
    def start_workflow(self, ctx: Context, record: Record) -> None: ...
    def blockers(
        self, ctx: Context, record: Record, transition: Transition
    ) -> Sequence[Blocker]: ...
    def above_authority(
        self, ctx: Context, record: Record, authority: Authority
    ) -> Sequence[Blocker]: ...
    def propose_authority(
        self,
        ctx: Context,
        authority: Authority,
        lines: Sequence[AuthorityLimit],
        effective_from: date,
        purpose: str,
    ) -> int: ...
    def move_authority(self, ctx: Context, version: int, how: str) -> None: ...
    def record_duty(self, ctx: Context, record: Record, step: str) -> None: ...
    def counts_for(self, ctx: Context) -> frozenset[int]: ...
    def who_did(self, ctx: Context, record: Record, step: str) -> Sequence[int]: ...
    def notify(
        self,
        ctx: Context,
        users: Sequence[int],
        title: Text,
        body: Text | None,
        about: Record | None,
    ) -> None: ...
    def mail(
        self, ctx: Context, key: str, address: str, subject: Text, body: Text, language: str
    ) -> None: ...
    def comment(self, ctx: Context, record: Record, text: str) -> None: ...
    def add_custom_field(
        self, ctx: Context, record: type[Record], values: Mapping[str, object]
    ) -> None: ...
    def set_custom_fields(
        self, ctx: Context, record: Record, values: Mapping[str, object]
    ) -> None: ...
    def set_external_id(self, ctx: Context, record: Record, source: str, value: str) -> None: ...
    def external_id(self, ctx: Context, record: Record, source: str) -> str: ...
    def by_external_id(self, ctx: Context, record: type[R], source: str, value: str) -> R: ...
    def store_file(
        self, ctx: Context, name: str, content: bytes, about: Record | None
    ) -> StoredFile: ...
    def read_file(
        self, ctx: Context, file_id: int, *, as_it_lies: bool = False
    ) -> tuple[StoredFile, bytes]: ...
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
    def own_transaction(self, ctx: Context) -> AbstractContextManager[Context]: ...
    def progress(self, ctx: Context, done: int, of: int | None) -> None: ...
    def change_setting(
        self, ctx: Context, settings: type[Settings], name: str, value: object
    ) -> None: ...
    def derived_secret(self, ctx: Context, plugin: str, purpose: str) -> bytes: ...
    def working_days_after(self, ctx: Context, start: datetime, days: int) -> datetime: ...
    def is_working_day(self, ctx: Context, day: Any) -> bool: ...
    def text(self, ctx: Context, text: Text | str) -> str: ...
    def user_names(self, ctx: Context, users: Sequence[int]) -> Mapping[int, str]: ...
    def users_with(self, ctx: Context, position: str, unit: int | None) -> Sequence[int]: ...
    def may(self, ctx: Context, what: Any, record: Record | None) -> bool: ...


def port_of(ctx: Context) -> Port:
    """The kernel's port behind ``ctx``."""
    return cast("Port", ctx._tenor_port)  # noqa: SLF001 -- the one place that looks behind ctx
