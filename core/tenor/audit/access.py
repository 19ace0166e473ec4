"""The rights to look at the ledger as a whole, and to decide what must leave it or must not."""

from tenor_sdk.access import Permission

look_at_ledger = Permission(title="Look at the audit ledger")
propose_erasure = Permission(title="Propose that values are erased")
decide_erasure = Permission(title="Decide whether values are erased")
hold_for_law = Permission(title="Hold records for the law")
