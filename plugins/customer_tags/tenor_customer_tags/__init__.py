"""Tags of customers: by rule with their reasons, or by hand until a day."""

from tenor_sdk import Plugin

plugin = Plugin(title="Customer tags", category="Customers", optional=("credit",))
