"""A plugin for the tests of committees: a motion that a committee decides, or several people in steps."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Boards", category="Tests")
