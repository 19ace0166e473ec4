"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestErrands(PluginContract):
    plugin = "errands"
