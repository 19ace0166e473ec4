"""The right to look at the ledger as a whole."""

from tenor_sdk.access import Permission

look_at_ledger = Permission(title="Look at the audit ledger")
