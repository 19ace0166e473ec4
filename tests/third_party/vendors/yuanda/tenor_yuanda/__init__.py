"""Yuanda: an adviser on bad loans."""

from tenor_sdk import Plugin

plugin = Plugin(title="Yuanda", category="Lending")
