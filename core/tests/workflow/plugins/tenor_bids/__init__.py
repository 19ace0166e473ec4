"""A plugin for the tests of authorities: a bid that is decided by who has the authority for it."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Bids", category="Tests")
