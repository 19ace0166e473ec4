"""Orders: a plugin of the tests of values that are computed, dated, numbered, archived."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Orders", category="Tests")
