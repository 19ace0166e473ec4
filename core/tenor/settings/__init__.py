"""Every setting: the kernel's, from one TOML file and ``TENOR_*``; a plugin's, from a record."""

from typing import TYPE_CHECKING, Any

from tenor.settings.kernel import KernelSettings, SettingsError, settings_file

if TYPE_CHECKING:
    from tenor.settings.store import SettingsStore

__all__ = ["KernelSettings", "SettingsError", "SettingsStore", "settings_file"]


def __getattr__(name: str) -> Any:
    """The store of plugins' settings, where it is asked for: it needs the ORM, and a command may do without."""
    if name != "SettingsStore":
        raise AttributeError(f"module {__name__} has no attribute {name}")
    from tenor.settings.store import SettingsStore

    return SettingsStore
