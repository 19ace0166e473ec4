"""Customers of the institution: who they are, and their financial statements."""

from tenor_sdk import Plugin

plugin = Plugin(title="Customers", category="Customers", asks=("files", "elevated"))
