"""What the arithmetic of credit refuses to compute, with a stable key."""

from collections.abc import Mapping


class CreditError(Exception):
    """A computation that makes no sense with these values.

    Args:
        key: which rule, in words with dashes; stable.
        values: what its sentence needs.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values: Mapping[str, object] = values


class ModelInvalid(CreditError):
    """A model (scorecard, tree) whose data contradict themselves: it is not published."""
