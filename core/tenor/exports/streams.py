"""A file as the body of an answer, made while it goes out: its transaction stays open until the last row is out."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import Any, Protocol


class Outgoing(Protocol):
    """A file that is made piece by piece."""

    @property
    def name(self) -> str:
        """What it is called."""

    def content(self) -> Generator[bytes]:
        """Its pieces, once."""


def streamed(respond: Callable[..., Any], export: Outgoing, opened: ExitStack) -> Any:
    """The answer.

    Args:
        respond: makes an answer of pieces.
        export: the file.
        opened: what is closed when all is out, or nobody listens any more; taken over.
    """
    content = export.content()
    first = next(content, b"")  # what is wrong with the first rows is still answered in words
    kept = opened.pop_all()

    def close() -> None:
        content.close()  # what became of it goes on record while there is a context
        kept.close()

    response = respond(_until(chain([first], content), close))
    response.call_on_close(close)
    response.headers["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response


def _until(pieces: Iterator[bytes], close: Callable[[], None]) -> Iterator[bytes]:
    try:
        yield from pieces
    finally:
        close()
