"""Collections: what happens when a payment is late, by stages, within the rules of contact."""

from tenor_sdk import Plugin

plugin = Plugin(title="Collections", category="Lending")
