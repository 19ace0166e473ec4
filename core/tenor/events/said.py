"""What an error says."""

from __future__ import annotations


def words_of(error: BaseException) -> str:
    """An error in one line, for the record: its kind and what it says."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said}"[:1000] if said else type(error).__name__
