"""Customer tags: what a customer is known for, by rule or by hand, always with its reason."""

from tenor_sdk import Plugin

plugin = Plugin(title="Customer tags", category="Customers")
