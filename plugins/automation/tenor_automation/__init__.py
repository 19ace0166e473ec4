"""Rules that staff write: when something happens, if a condition holds, then something follows, in somebody's name."""

from tenor_sdk import Plugin

plugin = Plugin(title="Automation", category="Work", optional=("customer_tags",), asks=("records",))
