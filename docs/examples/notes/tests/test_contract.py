"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestNotes(PluginContract):
    plugin = "notes"
