"""Loans: disbursed money with its schedule, its interest, what was repaid and what is past due."""

from tenor_sdk import Plugin

plugin = Plugin(title="Loans", category="Lending")
