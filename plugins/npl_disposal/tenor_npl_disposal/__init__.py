"""Disposal of non-performing loans: the options side by side, the decision, and its record."""

from tenor_sdk import Plugin

plugin = Plugin(title="NPL disposal", category="Lending", optional=("collections",))
