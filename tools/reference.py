"""The reference of the bundled plugins and of the SDK: `make reference` writes it, ``--check`` says what is stale."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "docs" / "reference"
sys.path.insert(0, str(ROOT))


def pages() -> dict[str, str]:
    """Each page by the name of its file."""
    from tenor.cli.reference import page
    from tenor.loader.imported import imported
    from tenor.loader.manifest import BASE
    from tools import reference_sdk

    names = sorted(file.parent.name for file in ROOT.glob("plugins/*/pyproject.toml"))
    order = {manifest.name: manifest for manifest in imported(*names)}
    found = {f"plugins/{name}.md": page(order[name]) for name in (BASE, *names)}
    rows = [
        f"| [{order[name].title}](plugins/{name}.md) | {order[name].summary} |"
        for name in (BASE, *names)
    ]
    return {"README.md": "\n".join([*_INDEX, *rows, ""]), **found, **reference_sdk.pages(ROOT)}


_INDEX: Final = (
    "# Reference",
    "",
    "What each bundled plugin declares: records, roles, workflow, hooks, events, jobs, settings, names for others; and",
    "[what the SDK has](sdk.md). Written from the source by `make reference`; `tenor plugin docs NAME` prints the",
    "page of any plugin.",
    "",
    "| plugin | |",
    "| --- | --- |",
)


def main(words: list[str]) -> int:
    """Write the pages, or say which aren't as the source has them."""
    written = pages()
    gone = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.md")} - set(written)
    stale = [name for name, text in written.items() if not _is_there(name, text)]
    if words == ["--check"]:
        for name in sorted([*stale, *gone]):
            print(f"docs/reference/{name} isn't as the source has it: run make reference")
        return 1 if stale or gone else 0
    for name in gone:
        (FOLDER / name).unlink()
    for name in stale:
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(written[name], "utf-8")
    return 0


def _is_there(name: str, text: str) -> bool:
    file = FOLDER / name
    return file.is_file() and file.read_text("utf-8") == text


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
