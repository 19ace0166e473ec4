"""Every setting: the kernel's, from one TOML file and ``TENOR_*``; a plugin's, from a record."""

from tenor.settings.kernel import KernelSettings, SettingsError, settings_file
from tenor.settings.store import SettingsStore

__all__ = ["KernelSettings", "SettingsError", "SettingsStore", "settings_file"]
