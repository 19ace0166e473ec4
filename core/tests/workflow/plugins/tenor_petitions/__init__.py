"""A plugin for the engine's tests: a petition that is assessed, then granted by one person or two."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Petitions", category="Tests")
