"""The values of the plugins' settings: read once a transaction, written by the administrator, ledgered."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import select

from tenor.declarations import bounds_fault
from tenor.settings.access import change_settings
from tenor.settings.records import PluginSetting
from tenor.settings.values import checked, from_json, plain, to_json
from tenor_sdk.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from tenor.context import KernelContext
    from tenor.declarations import Declarations
    from tenor.kernel import Kernel
    from tenor_sdk.settings import SettingInfo, Settings

S = TypeVar("S", bound="Settings")
_Values = dict[str, dict[str, Any]]


class SettingsStore:
    """The plugins' settings. What nobody set has its default; what is no longer declared stays, and is left out."""

    kernel: Kernel

    def __init__(self) -> None:
        self._read: WeakKeyDictionary[Session, _Values] = WeakKeyDictionary()
        self.classes: dict[str, type[Settings]] = {}

    def attach(self, kernel: Kernel) -> None:
        self.kernel = kernel

    def load(self, declarations: Declarations) -> None:
        """Take in the classes.

        Raises:
            TypeError: for bounds of another type than their setting's, with file and line.
        """
        self.classes = {each.settings_plugin: each for each in declarations.settings}
        for each in declarations.settings:
            _check_bounds(each)

    def of(self, ctx: KernelContext, settings: type[S]) -> S:
        """The values of ``settings`` in this transaction."""
        types = settings.types()
        stored = self.raw(ctx, settings.settings_plugin)
        known = {name: value for name, value in stored.items() if name in types}
        return settings.of({name: from_json(types[name], known[name]) for name in known})

    def raw(self, ctx: KernelContext, plugin: str) -> Mapping[str, Any]:
        """What is stored for ``plugin``: JSON values by name. One statement a transaction."""
        session = ctx.guarded
        if session not in self._read:
            self._read[session] = self._select(ctx)
        return self._read[session].get(plugin, {})

    def set(self, ctx: KernelContext, settings: type[Settings], name: str, value: object) -> None:
        """Change one setting, as the person who acts.

        Raises:
            NotFound: ``no-setting``.
            Invalid: ``setting-type``, ``setting-bounds``, or what its own check says.
            Forbidden: without the permission to change settings.
        """
        info = settings.declared.get(name)
        if info is None:
            raise NotFound("no-setting", plugin=settings.settings_plugin, name=name)
        value = checked(settings.types()[name], value)
        _within(info, value)
        self.put(ctx, settings.settings_plugin, name, to_json(value), secret=info.secret)

    def put(
        self, ctx: KernelContext, plugin: str, name: str, value: object, *, secret: bool = False
    ) -> None:
        """Store a JSON value under a name; ledgered. The right to do it is the administrator's."""
        self.kernel.access.check_use(ctx, change_settings, None)
        with self.kernel.db.system(ctx.guarded) as session:
            statement = select(PluginSetting).where(
                PluginSetting.plugin == plugin, PluginSetting.name == name
            )
            row = session.scalars(statement).one_or_none()
            if row is None:
                row = PluginSetting(plugin=plugin, name=name)
                session.add(row)
            row.value, row.hidden = (None, value) if secret else (value, None)
        self._read.pop(ctx.guarded, None)

    def derived_secret(self, plugin: str, purpose: str) -> bytes:
        """32 bytes of this plugin's own for a purpose, from the secret key; see ``tenor_sdk.settings``."""
        about = f"derived-secret\0{plugin}\0{purpose}".encode()
        return hmac.digest(self.kernel.settings.key.encode(), about, "sha256")

    def _select(self, ctx: KernelContext) -> _Values:
        table = PluginSetting.__table__.c
        statement = select(table.plugin, table.name, table.value, table.hidden)
        values: _Values = {}
        for row in self.kernel.db.execute(ctx.guarded, statement):
            kept = row.hidden if row.value is None else row.value
            values.setdefault(row.plugin, {})[row.name] = kept
        return values


def _check_bounds(settings: type[Settings]) -> None:
    for name, info in settings.declared.items():
        place = f"{info.origin}: {settings.__name__}.{name}"
        try:
            kind = plain(settings.types()[name])
        except NameError as error:
            raise TypeError(f"{place} is of a type that isn't there: {error}") from None
        fault = bounds_fault(kind, info.minimum, info.maximum)
        if fault:
            raise TypeError(f"{place} {fault}")


def _within(info: SettingInfo, value: Any) -> None:
    """Bounds and the setting's own check."""
    low, high = (None, None) if value is None else (info.minimum, info.maximum)
    if (low is not None and value < low) or (high is not None and value > high):
        raise Invalid("setting-bounds", value=str(value), minimum=str(low), maximum=str(high))
    if info.check is not None:
        info.check(value)
