"""What a rule can have done by others."""

from datetime import date

from tenor_sdk import Context, Record, hookspec


@hookspec
def tag_record(ctx: Context, record: Record, code: str, reason: str, until: date) -> bool:
    """Give a record a tag, as the person who acts; whether this plugin did.

    When: a rule whose condition holds says so. Transaction: the rule's job, in a savepoint. Actor: in whose name
    the rule acts. Raising is the rule's failure where it is a ``Refused``.
    """
    raise NotImplementedError
