"""A plugin's settings: typed, with words, checked; a form for the administrator.

::

    class LendingSettings(Settings):
        single_approver_up_to: Amount = setting(Amount.of("10000000"), help="Above this, two people approve.")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform, get_type_hints

from tenor_sdk.declare import Origin, caller, plugin_of
from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context


@dataclass(frozen=True)
class SettingInfo:
    """What a setting says of itself."""

    default: Any
    label: str
    help: str
    secret: bool
    minimum: object
    maximum: object
    check: Callable[[Any], object] | None
    origin: Origin


def setting(
    default: Any,
    *,
    label: str = "",
    help: str = "",
    minimum: object = None,
    maximum: object = None,
    check: Callable[[Any], object] | None = None,
) -> Any:
    """A setting with its default, a sentence on what it does, and its bounds.

    Types: ``str int bool date Amount Rate``, and a ``StrEnum``. Bounds are of the setting's own type; at the start one
    of another type is refused.
    """
    return SettingInfo(default, label, help, False, minimum, maximum, check, caller())


def secret(*, label: str = "", help: str = "") -> Any:
    """A setting that is never shown again and never ledgered in clear."""
    return SettingInfo("", label, help, True, None, None, None, caller())


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(setting, secret))
class Settings:
    """The settings of a plugin; one subclass a plugin. ``ctx.settings(LendingSettings).single_approver_up_to``."""

    settings_plugin: ClassVar[str] = ""
    declared: ClassVar[Mapping[str, SettingInfo]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.settings_plugin = plugin_of(cls.__module__)
        hints = {name: hint for name, hint in cls.__annotations__.items() if name in cls.__dict__}
        found: dict[str, SettingInfo] = {}
        for name in hints:
            given = cls.__dict__[name]
            info = given if isinstance(given, SettingInfo) else setting(given)
            found[name] = info
            setattr(cls, name, info.default)
        cls.declared = found

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            if name not in type(self).declared:
                raise TypeError(f"{type(self).__name__} has no setting {name!r}")
            setattr(self, name, value)

    @classmethod
    def types(cls) -> dict[str, Any]:
        """The type of each setting."""
        hints = get_type_hints(cls)
        return {name: hints[name] for name in cls.declared}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """With these values; those that aren't settings any more are left out."""
        return cls(**{name: value for name, value in values.items() if name in cls.declared})


def change_setting(ctx: Context, settings: type[Settings], name: str, value: object) -> None:
    """Change one setting, as the person who acts, who needs the administrator's right to it; ledgered.

    Raises:
        NotFound: ``no-setting``.
        Invalid: ``setting-type``, ``setting-bounds``, or what its own check says.
        Forbidden: without the right to change settings.
    """
    port_of(ctx).change_setting(ctx, settings, name, value)


def derived_secret(ctx: Context, purpose: str) -> bytes:
    """32 bytes that only this institution's ``secret_key`` gives, other ones for each plugin and purpose.

    For what a plugin encrypts in the database: whoever has the database alone can't read it. It lies in no database
    and no ledger, and is gone with the key.
    """
    return port_of(ctx).derived_secret(ctx, caller().plugin, purpose)
