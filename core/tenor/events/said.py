"""What an error says."""

from __future__ import annotations


def words_of(error: BaseException) -> str:
    """An error in one line, for the record: its kind and what it says."""
    said = in_one_line(str(error))
    return f"{type(error).__name__}: {said}"[:1000] if said else type(error).__name__


def in_one_line(words: str) -> str:
    """Words of another program in one line, of what can be shown alone: PostgreSQL stores no NUL, nor half of a pair of
    surrogates, and a terminal obeys what begins with an escape."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in words).split())
