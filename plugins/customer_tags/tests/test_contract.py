"""What every plugin promises."""

from tenor_sdk.testing import PluginContract


class TestCustomerTags(PluginContract):
    plugin = "customer_tags"
