"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestSiteChecks(PluginContract):
    plugin = "site_checks"
