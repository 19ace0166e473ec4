"""Rights that aren't about one kind of record."""

from __future__ import annotations

from tenor_sdk import Permission

generate_contracts = Permission(title="Generate contracts")
verify_contracts = Permission(title="Verify the stored files of contracts")
