"""What is wrong with a view that a plugin declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenor_sdk.declare import Origin


class ViewError(TypeError):
    """A view or patch that doesn't hold, with its file and line."""

    def __init__(self, origin: Origin, problem: str) -> None:
        super().__init__(f"{origin}: {problem}")
        self.origin = origin
