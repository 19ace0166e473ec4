"""Signet: a certification authority that signs on a machine of its own."""

from tenor_sdk import Plugin

plugin = Plugin(title="Signet", category="Lending", asks=("network",))
