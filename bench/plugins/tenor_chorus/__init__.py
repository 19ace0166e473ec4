"""Twenty voices that take part in one hook: what it costs to ask them."""

from tenor_sdk import Plugin

plugin = Plugin(title="Chorus")
