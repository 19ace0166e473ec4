"""How many visits an errand took."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Visits", category="Examples")
