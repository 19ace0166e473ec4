"""The kernel of Tenor, and the manifest of its own plugin, ``base``."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Base", category="Kernel", critical=True)
