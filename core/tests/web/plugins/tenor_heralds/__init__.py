"""Heralds who call back: a family of drivers whose provider reports, for the tests of where it does."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Heralds", category="Tests")
