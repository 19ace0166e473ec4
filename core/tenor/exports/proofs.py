"""Entries of the ledger, and rows of journals, with their proofs, as a file that goes out piece by piece."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tenor.audit import Asked
    from tenor.context import KernelContext

#: bytes that go out at once, at least, but for the last
_PIECE: Final = 64 * 1024


class Proofs:
    """One export by one person.

    Args:
        asked: which entries and rows.
    """

    def __init__(self, ctx: KernelContext, asked: Asked) -> None:
        self.ctx, self.asked = ctx, asked

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"ledger-{self.ctx.today.isoformat()}.jsonl"

    def content(self) -> Generator[bytes]:
        """The file. That it is taken out goes on record before its first piece.

        Raises:
            Forbidden: ``not-permitted``: the person may not take the ledger out.
        """
        piece = bytearray()
        for line in self.ctx.kernel.audit.export(self.ctx, self.asked):
            piece += line.encode()
            if len(piece) >= _PIECE:
                yield bytes(piece)
                piece.clear()
        yield bytes(piece)
