"""A plugin for the engine's tests: a stranger that puts a stage of its own into petitions."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Inspections", category="Tests")
