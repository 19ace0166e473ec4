"""Customers of a bank of a hundred thousand: what the requests of the benchmarks are about."""

from tenor_sdk import Plugin

plugin = Plugin(title="Book")
