"""A vault with boxes: one record of every kind of field, for the tests of pages."""

from tenor_sdk.plugin import Plugin

plugin = Plugin(title="Vault", category="Tests", asks=("files", "network"))
