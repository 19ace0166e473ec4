"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestNplDisposal(PluginContract):
    plugin = "npl_disposal"
