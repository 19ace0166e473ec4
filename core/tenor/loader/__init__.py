"""From what pip installed to what runs: find, order, import, collect; plan, enable, disable; migrations.

A plugin that fails is named with its cause and a remedy, and left out with those that need it; the others go on.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from tenor.loader.failures import BootError, Failure
    from tenor.loader.lifecycle import ChangePlan
    from tenor.loader.loader import Loader
    from tenor.loader.manifest import Manifest
    from tenor.loader.survey import PluginRow

__all__ = ["BootError", "ChangePlan", "Failure", "Loader", "Manifest", "PluginRow"]

#: where each stands; imported where it is asked for: who lists what is installed needs no ORM
_WHERE: Final = {
    "BootError": "failures",
    "ChangePlan": "lifecycle",
    "Failure": "failures",
    "Loader": "loader",
    "Manifest": "manifest",
    "PluginRow": "survey",
}


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
