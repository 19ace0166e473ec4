"""From what pip installed to what runs: find, order, import, collect; plan, enable, disable; migrations.

A plugin that fails is named with its cause and a remedy, and left out with those that need it; the others go on.
"""

from tenor.loader.failures import BootError, Failure
from tenor.loader.lifecycle import ChangePlan, PluginRow
from tenor.loader.loader import Loader
from tenor.loader.manifest import Manifest

__all__ = ["BootError", "ChangePlan", "Failure", "Loader", "Manifest", "PluginRow"]
