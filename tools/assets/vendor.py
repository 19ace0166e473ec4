"""Which files of which npm package pages may ask for, and by what name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: name under which a page asks for it: where it stands in node_modules
FILES: Final = {
    "vendor/alpine.min.js": "@alpinejs/csp/dist/cdn.min.js",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
    "vendor/fonts/ibm-plex-sans-latin-400-normal.woff2": (
        "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-400-normal.woff2"
    ),
    "vendor/fonts/ibm-plex-sans-latin-500-normal.woff2": (
        "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-500-normal.woff2"
    ),
    "vendor/fonts/ibm-plex-sans-latin-600-normal.woff2": (
        "@fontsource/ibm-plex-sans/files/ibm-plex-sans-latin-600-normal.woff2"
    ),
    "vendor/htmx.min.js": "htmx.org/dist/htmx.min.js",
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "vendor/tom-select.bootstrap5.min.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "vendor/tom-select.complete.min.js": "tom-select/dist/js/tom-select.complete.min.js",
}

#: the licences that travel with them
LICENSES: Final = {
    "Apache ECharts": "echarts/LICENSE",
    "d3, inside ECharts": "echarts/licenses/LICENSE-d3",
    "htmx": "htmx.org/LICENSE",
    "IBM Plex Sans": "@fontsource/ibm-plex-sans/LICENSE",
    "Popper, inside Tabler": "@popperjs/core/LICENSE.md",
    "Tabler Icons": "@tabler/icons/LICENSE",
    "Tom Select": "tom-select/LICENSE",
    "zrender, inside ECharts": "zrender/LICENSE",
}

#: packages whose npm archive names its licence without carrying the text
NAMED_ONLY: Final = {
    "Alpine.js (CSP build)": "MIT, copyright Caleb Porzio and contributors",
    "Tabler": "MIT, copyright The Tabler Authors",
}

#: TrueType fonts that the plugin `documents` sets contracts in
FONTS: Final = {
    "NotoSansSC_400Regular.ttf": (
        "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"
    ),
    "NotoSansSC_700Bold.ttf": "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf",
    "LICENSE_FONT": "@expo-google-fonts/noto-sans-sc/LICENSE_FONT",
}


def files(modules: Path) -> dict[str, bytes]:
    """The third parties' files by the name that pages use.

    Raises:
        SystemExit: a package no longer has a file where we look for it.
    """
    found = {name: _read(modules, where) for name, where in FILES.items()}
    found["vendor/LICENSES.txt"] = _licenses(modules).encode()
    return found


def fonts(modules: Path) -> dict[str, bytes]:
    """The fonts of documents by file name, their licence included."""
    return {name: _read(modules, where) for name, where in FONTS.items()}


def _licenses(modules: Path) -> str:
    texts = {
        name: _read(modules, where).decode("utf-8", "replace") for name, where in LICENSES.items()
    }
    return "\n\n".join(
        f"== {name}\n\n{text}" for name, text in sorted({**texts, **NAMED_ONLY}.items())
    )


def _read(modules: Path, where: str) -> bytes:
    try:
        return (modules / where).read_bytes()
    except FileNotFoundError:
        raise SystemExit(
            f"{where} is gone from node_modules: did a version in tools/assets/package.json change? "
            "Then correct tools/assets/vendor.py."
        ) from None
