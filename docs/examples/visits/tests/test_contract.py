"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestVisits(PluginContract):
    plugin = "visits"
