"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestDocuments(PluginContract):
    plugin = "documents"
