"""Credit: how good a customer is, by a model that can be followed, and how much it may borrow."""

from tenor_sdk import Plugin

plugin = Plugin(title="Credit", category="Lending")
