"""An export as the body of an answer, which keeps its transaction open until the last row is out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenor.exports.exports import Export


def streamed(respond: Callable[..., Any], export: Export, opened: ExitStack) -> Any:
    """The answer.

    Args:
        respond: makes an answer of pieces.
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
