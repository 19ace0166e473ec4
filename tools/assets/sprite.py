"""One SVG sprite of the icons that are used: `<svg><use href="…/icons.svg#name"/></svg>`."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
# The width of the stroke is left to the page's stylesheet.
_KEPT = ("viewBox", "fill", "stroke", "stroke-linecap", "stroke-linejoin")


def names(listed: str) -> list[str]:
    """The icons of a list: one name a line, `#` begins a remark, `filled/name` asks for the filled variant."""
    lines = (line.partition("#")[0].strip() for line in listed.splitlines())
    return sorted({line for line in lines if line})


def sprite(wanted: list[str], icons: Path) -> bytes:
    """The sprite as one file; a filled icon's id ends in ``-filled``.

    Raises:
        SystemExit: an icon of the list is unknown, with the names that come near.
    """
    symbols = "".join(_symbol(name, icons) for name in wanted)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{symbols}</svg>\n'.encode()


def _symbol(name: str, icons: Path) -> str:
    variant, _, base = name.rpartition("/")
    file = icons / (variant or "outline") / f"{base}.svg"
    if not file.is_file():
        raise SystemExit(f"icons.txt names {name!r}, which Tabler hasn't. {_near(file)}")
    root = ET.fromstring(file.read_text("utf-8"))  # noqa: S314 - a file of a package pinned by its hash
    kept = " ".join(f'{key}="{root.get(key)}"' for key in _KEPT if root.get(key))
    shapes = "".join(_shape(child) for child in root)
    return f'<symbol id="{base}{"-" + variant if variant else ""}" {kept}>{shapes}</symbol>'


def _shape(element: ET.Element) -> str:
    if element.get("stroke") == "none" and element.get("fill") == "none":
        return ""
    text = ET.tostring(element, "unicode").strip()
    return re.sub(r"\s?xmlns:?\w*=\"[^\"]*\"|ns0:", "", text)


def _near(file: Path) -> str:
    first = file.stem.partition("-")[0]
    near = sorted(path.stem for path in file.parent.glob(f"{first}*.svg"))[:8]
    return f"Near it: {', '.join(near)}." if near else "Search tabler.io/icons."
