"""Documents of a case: what is required, what was brought, and the contracts made from templates."""

from tenor_sdk import Plugin

plugin = Plugin(title="Documents", category="Lending", asks=("files",))
