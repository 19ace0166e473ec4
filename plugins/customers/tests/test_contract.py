"""What every plugin promises, and that what others may import is what it says."""

from tenor_customers import public
from tenor_sdk.testing import PluginContract


class TestCustomers(PluginContract):
    plugin = "customers"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)
