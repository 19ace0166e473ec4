"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestCollections(PluginContract):
    plugin = "collections"
