"""A hundred and fifty kinds of records: as many as an institution with every plugin has."""

from tenor_sdk import Plugin

plugin = Plugin(title="Wide")
