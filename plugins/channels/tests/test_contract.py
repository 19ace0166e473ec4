"""What every plugin promises, and what others may import."""

from tenor_channels import public
from tenor_sdk.testing import PluginContract


class TestChannels(PluginContract):
    plugin = "channels"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)
