"""The computation in which others take part."""

from collections.abc import Sequence

from tenor_sdk import Context, hookspec


@hookspec
def errand_effort(ctx: Context, errand_id: int) -> Sequence[tuple[str, int]]:
    """What an errand costs: parts, each with its name and its minutes.

    When: whenever somebody asks for an errand's effort. Transaction: the asker's. Actor: who asks; reads are theirs.
    Returns: parts, or none. Raising leaves this part out; ``Refused`` goes through to the asker.
    """
    raise NotImplementedError
