"""A message is translated once among the catalogues of a distribution, or each time alike.

They are read as one: of two translations that of the later file is shown in both places, also where the other is meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from tools.checks.found import Finding, TargetGone, files

REMEDY = "say it in two ways in English too, or drop one"
_CATALOGUES = "**/translations/*/LC_MESSAGES/*.po"


def findings(root: Path) -> Iterator[Finding]:
    """Messages whose translation differs from that of a catalogue beside it."""
    folders = {path.parent for path in files(root, _CATALOGUES)}
    if not folders:
        raise TargetGone("there are no catalogues any more")
    for folder in sorted(folders):
        yield from _within(folder)


def _within(folder: Path) -> Iterator[Finding]:
    known: dict[str, tuple[Path, object]] = {}
    for path in sorted(folder.glob("*.po")):
        for message in read_po(path.read_bytes().splitlines(keepends=True)):
            if not message.id or not message.string:
                continue
            said = message.id if isinstance(message.id, str) else message.id[0]
            first, text = known.setdefault(said, (path, message.string))
            if text != message.string:
                words = f"{said!r} is translated otherwise in {first.name}: {REMEDY}"
                yield Finding(path, message.lineno or 1, words)
