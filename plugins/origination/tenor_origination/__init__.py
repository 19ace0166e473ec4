"""Applications for credit, from intake to the conditions precedent."""

from tenor_sdk import Plugin

plugin = Plugin(
    title="Origination", category="Lending", optional=("customer_tags",), asks=("files",)
)
