"""Where an error came from: its kind, and our files, lines and functions. Never what it says, nor what variables held:
those have rows of the institution in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING, Any, Final

import tenor
import tenor_sdk
from tenor_sdk.errors import TenorError

if TYPE_CHECKING:
    from types import CodeType

    from tenor.declarations import Loaded

#: errors of a chain, and lines of one: those at both ends, where it began and where it broke
_CHAIN: Final = 5
_FIRST: Final = 15
_LAST: Final = 35


def roots(plugins: Iterable[Loaded]) -> dict[str, Path]:
    """The folders whose files are named: the kernel's, the SDK's and those of plugins, by their packages."""
    ours = {module.__name__: Path(str(module.__file__)).parent for module in (tenor, tenor_sdk)}
    return {each.package: Path(each.folder) for each in plugins} | ours


def trace_of(error: BaseException, named: Mapping[str, Path]) -> list[dict[str, Any]]:
    """The error and those that it followed, the last first.

    Args:
        named: folders by the names of their packages.
    """
    return [
        {"error": _kind(each), "frames": _bounded(list(_frames(each, named)))}
        for each in _chain(error)
    ]


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and len(found) < _CHAIN and not any(at is each for each in found):
        found.append(at)
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)
    return found


def _kind(error: BaseException) -> str:
    """The class; of a refusal its key too, which is a word of the program."""
    kind = type(error)
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return f"{name} ({error.key})" if isinstance(error, TenorError) else name


def _frames(error: BaseException, named: Mapping[str, Path]) -> Iterator[dict[str, Any]]:
    """Our lines; of those between them that are others' only how many they are."""
    others = 0
    for frame, line in walk_tb(error.__traceback__):
        file = _file(frame.f_code, named)
        if not file:
            others += 1
            continue
        if others:
            yield {"others": others}
            others = 0
        yield {"file": file, "line": line, "function": frame.f_code.co_qualname}
    if others:
        yield {"others": others}


def _file(code: CodeType, named: Mapping[str, Path]) -> str:
    """The file as its package names it; empty where it is none of ours."""
    path = Path(code.co_filename)
    for package, folder in named.items():
        if path.is_relative_to(folder):
            return f"{package}/{path.relative_to(folder).as_posix()}"
    return ""


def _bounded(frames: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    left_out = len(frames) - _FIRST - _LAST
    if left_out <= 0:
        return list(frames)
    return [*frames[:_FIRST], {"others": left_out}, *frames[-_LAST:]]
