"""What every plugin promises."""

from tenor_automation import public
from tenor_sdk.testing import PluginContract


class TestAutomation(PluginContract):
    plugin = "automation"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)
