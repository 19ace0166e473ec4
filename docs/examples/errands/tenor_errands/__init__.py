"""Errands that somebody runs."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Errands", category="Examples")
