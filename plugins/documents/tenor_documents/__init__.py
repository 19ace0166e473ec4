"""Documents of a case: contracts made from templates, issued, signed and kept."""

from tenor_sdk import Plugin

plugin = Plugin(title="Documents", category="Lending", optional=("loans",), asks=("files",))
