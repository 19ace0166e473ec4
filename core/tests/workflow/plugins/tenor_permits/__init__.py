"""A plugin for the engine's tests: permits, whose cases go back, are taken back, lapse, branch and wait."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Permits", category="Tests")
