"""Build the assets: `python tools/assets/build.py`, or `make assets`, which knows when there is nothing to do.

Reads package-lock.json and core/tenor/web/static_src; writes core/tenor/web/static (hashed files, manifest.json with
logical name: file name, SHA256SUMS) and the fonts of the plugin `documents`. What it writes isn't tracked by git and
travels inside the wheels.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools.assets import node, sources, sprite, vendor  # noqa: E402 - a script finds its package first

HERE = ROOT / "tools" / "assets"
SOURCES = ROOT / "core" / "tenor" / "web" / "static_src"
STATIC = ROOT / "core" / "tenor" / "web" / "static"
FONTS = ROOT / "plugins" / "documents" / "tenor_documents" / "fonts"


def main() -> None:
    """Build everything anew; the manifest is written last, so that a build cut short is built again."""
    node.install(HERE)
    modules = HERE / "node_modules"
    manifest, contents = sources.hashed(_logical(modules))
    _write_static(manifest, contents)
    _write_fonts(vendor.fonts(modules))
    size = sum(map(len, contents.values())) // 1024
    print(f"assets: {len(contents)} files, {size:,} KB in {STATIC.relative_to(ROOT)}")


def _logical(modules: Path) -> dict[str, bytes]:
    files = {**vendor.files(modules), **sources.own(SOURCES)}
    icons = SOURCES / "icons.txt"
    if icons.is_file():
        wanted = sprite.names(icons.read_text("utf-8"))
        files["icons.svg"] = sprite.sprite(wanted, modules / "@tabler" / "icons" / "icons")
    return files


def _write_static(manifest: dict[str, str], contents: dict[str, bytes]) -> None:
    """New files, then the manifest, then away with the old ones: a running server never misses a file."""
    sums = "".join(
        f"{hashlib.sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)
    )
    told = json.dumps(manifest, indent=1, sort_keys=True) + "\n"
    files = {**contents, "SHA256SUMS": sums.encode(), "manifest.json": told.encode()}
    for name, body in files.items():
        _replace(STATIC / name, body)
    for path in STATIC.rglob("*"):
        if path.is_file() and path.relative_to(STATIC).as_posix() not in files:
            path.unlink()


def _replace(file: Path, body: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.new")
    beside.write_bytes(body)
    beside.replace(file)


def _write_fonts(fonts: dict[str, bytes]) -> None:
    for name, body in fonts.items():
        _replace(FONTS / name, body)


if __name__ == "__main__":
    main()
