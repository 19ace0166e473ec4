"""The records, each with a unit and an owner."""

from sqlalchemy.orm import Mapped

from tenor_sdk import Owned, Record

KINDS = 150
RECORDS = [
    type(
        f"Thing{n}",
        (Record, Owned),
        {
            "__module__": __name__,
            "__doc__": f"Thing {n}.",
            "__annotations__": {"name": Mapped[str]},
        },
    )
    for n in range(KINDS)
]
globals().update({record.__name__: record for record in RECORDS})
