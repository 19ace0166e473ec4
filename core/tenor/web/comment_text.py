"""The text of a comment with the names in it as marks, by what is kept beside it of whom it names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tenor.records.mentioning import marks

Part = dict[str, Any]


def parts_of(
    text: str, mentions: Mapping[str, Any] | None, names: Mapping[int | None, str], reader: int
) -> list[Part]:
    """A comment, piece by piece. A name stands as it was written; what its person is called today is told with it.

    Args:
        names: of people whom the reader may see, by their ids.
        reader: whose own name stands out.
    """
    made: list[Part] = []
    at = 0
    for user, start, length in marks(mentions):
        if start < at or start + length > len(text):  # not of this text
            continue
        made.append({"text": text[at:start]})
        made.append({
            "text": text[start : start + length], "mention": True, "me": user == reader,
            "title": names.get(user, ""),
        })  # fmt: skip
        at = start + length
    made.append({"text": text[at:]})
    return [part for part in made if part["text"]]


def cut(parts: Sequence[Part], most: int) -> list[Part]:
    """The beginning of a comment; a name isn't cut in two."""
    made: list[Part] = []
    left = most
    for part in parts:
        if left <= 0 or (part.get("mention") and len(part["text"]) > left):
            break
        made.append({**part, "text": part["text"][:left]})
        left -= len(part["text"])
    return made
