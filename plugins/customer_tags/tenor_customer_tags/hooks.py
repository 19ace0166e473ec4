"""The computation in which others take part: what is known of a customer."""

from collections.abc import Mapping

from tenor_customer_tags.domain.rules import Fact
from tenor_sdk import Context, hookspec


@hookspec
def customer_facts(ctx: Context, customer_id: int) -> Mapping[str, Fact]:
    """What a plugin knows of a customer, by the names that rules use (``rating``, ``months_without_arrears``).

    When: whenever tags of a customer are judged. Transaction: the job's, or that of whoever asks. Actor: the service of
    customer tags, or who asks; reads are theirs. Returns: facts with their day and source; a fact that isn't known is
    left out. Raising leaves these facts out, and no tag is given on silence.
    """
    raise NotImplementedError
