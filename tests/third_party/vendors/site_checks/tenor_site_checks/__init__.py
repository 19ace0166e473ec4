"""Site checks: who looked at a customer's works, when, and what they found."""

from tenor_sdk import Plugin

plugin = Plugin(title="Site checks", category="Customers")
