"""Our own sources: stylesheets are flattened, every reference to another file becomes its hashed name."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

_IMPORT = re.compile(r"@import\s+(?:url\()?\s*[\"']([^\"']+)[\"']\s*\)?\s*;[ \t]*\n?")
_URL = re.compile(r"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")
_MODULE = re.compile(r"((?:\bfrom|\bimport)\s*\(?\s*)([\"'])(\.{1,2}/[^\"']+)\2")
_SOURCE_MAP = re.compile(rb"\n?(?:/\*|//)[#@]\s*sourceMappingURL=[^\n*]*(?:\*/)?\s*$")

#: lists that the build reads; pages never ask for them
_FOR_THE_BUILD = {"icons.txt"}


def own(folder: Path) -> dict[str, bytes]:
    """Our files by logical name, stylesheets flattened: those that another one imports vanish into it."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".") and path.name not in _FOR_THE_BUILD
    }
    inner: set[str] = set()
    flat = {name: _flatten(name, files, inner) for name in files if name.endswith(".css")}
    kept = {name: body for name, body in flat.items() if name not in inner}
    return {name: body for name, body in files.items() if name not in flat} | kept


def hashed(files: dict[str, bytes]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Give every file a name with its content's hash, and correct the references between them.

    Returns:
        The manifest (logical name: hashed name) and the contents by hashed name.

    Raises:
        SystemExit: a stylesheet or module refers to a file that isn't there, or two modules import each other.
    """
    manifest: dict[str, str] = {}
    contents: dict[str, bytes] = {}

    def settle(name: str, trail: tuple[str, ...] = ()) -> str:
        if name in trail:
            raise SystemExit(f"{' imports '.join([*trail, name])}: break the circle")
        if name not in manifest:
            body = _refer(name, files, lambda other: settle(other, (*trail, name)))
            manifest[name] = _hashed_name(name, body)
            contents[manifest[name]] = body
        return manifest[name]

    for each in sorted(files):
        settle(each)
    return manifest, contents


def _flatten(name: str, files: dict[str, bytes], inner: set[str]) -> bytes:
    def take(match: re.Match[str]) -> str:
        other = _beside(name, match[1])
        if other not in files:
            raise SystemExit(f"{name} imports {match[1]!r}: there is no such stylesheet")
        inner.add(other)
        return _rebased(_flatten(other, files, inner).decode(), other, name)

    return _IMPORT.sub(take, files[name].decode()).encode()


def _rebased(css: str, was: str, now: str) -> str:
    """The addresses of a stylesheet that moved from ``was`` into ``now``."""

    def move(match: re.Match[str]) -> str:
        if _outside(match[1]):
            return match[0]
        target = _beside(was, match[1])
        return f'url("{posixpath.relpath(target, posixpath.dirname(now) or ".")}")'

    return _URL.sub(move, css)


def _refer(name: str, files: dict[str, bytes], settle: Callable[[str], str]) -> bytes:
    body = _SOURCE_MAP.sub(b"", files[name]) if name.endswith((".css", ".js")) else files[name]

    def relative(target: str) -> str:
        other = _beside(name, target)
        if other not in files:
            raise SystemExit(f"{name} refers to {target!r}: there is no such file")
        return posixpath.relpath(settle(other), posixpath.dirname(name) or ".")

    if name.endswith(".css"):
        text = _URL.sub(
            lambda m: m[0] if _outside(m[1]) else f'url("{relative(m[1])}")', body.decode()
        )
        return text.encode()
    if name.endswith(".js") and not name.startswith("vendor/"):
        return _MODULE.sub(
            lambda m: f"{m[1]}{m[2]}{_dotted(relative(m[3]))}{m[2]}", body.decode()
        ).encode()
    return body


def _dotted(path: str) -> str:
    return path if path.startswith(".") else f"./{path}"


def _outside(address: str) -> bool:
    return address.startswith(("data:", "#", "http:", "https:", "/"))


def _beside(name: str, address: str) -> str:
    path = address.partition("?")[0].partition("#")[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))


def _hashed_name(name: str, body: bytes) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{hashlib.sha256(body).hexdigest()[:10]}{path.suffix}"))
