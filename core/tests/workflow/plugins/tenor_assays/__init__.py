"""A plugin for the engine's tests: assays, whose branches are decided by committees, in steps, and by themselves."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Assays", category="Tests")
