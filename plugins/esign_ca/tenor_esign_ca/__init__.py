"""Electronic signatures: the family of signing drivers, and one with a certificate authority of its own."""

from tenor_sdk import Plugin

plugin = Plugin(
    title="Electronic signatures", category="Lending", asks=("files", "email", "elevated")
)
