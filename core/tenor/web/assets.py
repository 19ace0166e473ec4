"""Styles, scripts and pictures: named by their content, so that a browser may keep them for ever."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, send_from_directory
from markupsafe import Markup
from werkzeug.exceptions import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).parent / "static"
_YEAR: Final = 31_536_000
_ICONS: Final = "icons.svg"


@cache
def manifest() -> Mapping[str, str]:
    """For each logical name the file that the build made of it.

    Raises:
        RuntimeError: the assets were never built.
    """
    file = FOLDER / "manifest.json"
    if not file.is_file():
        raise RuntimeError("the assets aren't built yet; run: make assets")
    read: dict[str, str] = json.loads(file.read_text("utf-8"))
    return read


def asset(name: str) -> str:
    """The address of an asset: ``asset("css/tenor.css")``.

    Raises:
        KeyError: there is none of this name.
    """
    return f"/static/{manifest()[name]}"


@cache
def icon(name: str) -> Markup:
    """An icon of the sprite, for the eye alone; the words stand beside it."""
    known = name if name in icon_names() else "folder"
    use = Markup('<use href="{}#{}"/>').format(asset(_ICONS), known)
    return Markup('<svg class="t-icon" aria-hidden="true">{}</svg>').format(use)


@cache
def icon_names() -> frozenset[str]:
    """Those of the sprite, of which each view may name one."""
    text = (FOLDER / manifest()[_ICONS]).read_text("utf-8")
    return frozenset(part.partition('"')[0] for part in text.split('<symbol id="')[1:])


def serve_assets(app: Flask) -> None:
    """Serve what the build made, and nothing else of that folder."""

    @app.get("/static/<path:name>")
    def static_file(name: str) -> Response:
        if name not in _served():
            raise NotFound
        response = send_from_directory(FOLDER, name)
        response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        return response


@cache
def _served() -> frozenset[str]:
    return frozenset(manifest().values())
