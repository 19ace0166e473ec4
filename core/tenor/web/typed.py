"""What a person typed into a form: read by field, kept as typed, so that a refusal loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from tenor.db.numbers import number
from tenor.records.specs import FieldSpec
from tenor_sdk.errors import TenorError
from tenor_sdk.files import Upload

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from tenor.identity.drafts import Kept
    from tenor.kernel import Kernel

#: beside a file input stands the id of the file that was handed in before, in this name
KEPT: Final = "_kept"
_MOST_LINES: Final = 500
_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


@dataclass
class Typed:
    """A form as it was sent.

    Args:
        values: of each input its text, or its file.
        lines: for each relation its rows, each by field, with ``id`` and ``_remove``.
        errors: by field what is wrong, after it was refused.
        kept: ids of files handed in before, by input.
        version: of the record when the form was opened.
        base: what the form began with.
        draft: as which it was kept, where it is what was typed when a session had ended.
    """

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    errors: dict[str, TenorError] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    version: str = ""
    base: str = ""
    draft: Kept | None = None

    def text(self, name: str) -> str:
        """What was typed into an input."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""


def read_form(
    form: MultiDict[str, str],
    files: Mapping[str, Upload],
    specs: Iterable[FieldSpec],
    kernel: Kernel,
    base: Mapping[str, Any] = _NOTHING,
) -> Typed:
    """Take from a form what belongs to these fields; a field that wasn't there stays away.

    Args:
        base: what the form began with.
    """
    typed = Typed()
    for spec in specs:
        if spec.kind == "file":
            _read_file(typed, spec.key, form, files)
        elif spec.key in form:
            typed.values[spec.key] = _text(spec, _sent(spec, form), kernel, base.get(spec.key))
    return typed


def _sent(spec: FieldSpec, form: MultiDict[str, str]) -> str:
    """What stands in a form: the last of its name; of what takes several all, with spaces between."""
    sent = form.getlist(spec.key)
    return " ".join(filter(None, sent)) if spec.info.widget == "several" else sent[-1]


def _read_file(
    typed: Typed, name: str, form: MultiDict[str, str], files: Mapping[str, Upload]
) -> None:
    before = form.get(f"{name}{KEPT}", "")
    if name in files:
        typed.values[name] = files[name]
    elif (kept := number(before)) is not None:
        typed.kept[name] = kept


def _text(spec: FieldSpec, text: str, kernel: Kernel, before: Any) -> str:
    if spec.kind != "time" or not text.strip():
        return text
    try:
        local = datetime.fromisoformat(text.strip())
    except ValueError:
        return text
    if local.tzinfo is not None:
        return local.isoformat()
    if _says(str(before), local, kernel):
        return str(before)
    return local.replace(tzinfo=kernel.clock.zone).isoformat()


def _says(before: str, local: datetime, kernel: Kernel) -> bool:
    """Whether an input began with what stands in it now: parts of a second, and which of the two hours of a night in
    autumn it is, aren't shown."""
    try:
        began = datetime.fromisoformat(before).astimezone(kernel.clock.zone)
    except (ValueError, OverflowError):
        return False
    return began.replace(tzinfo=None, microsecond=0) == local


def read_lines(
    form: MultiDict[str, str],
    files: Mapping[str, Upload],
    name: str,
    specs: Iterable[FieldSpec],
    kernel: Kernel,
    base: Mapping[str, Any] = _NOTHING,
    *,
    begun: Mapping[str, frozenset[str]] = _NOTHING,
    whole: bool = False,
) -> list[dict[str, Any]] | None:
    """The rows of a table of lines; None where the form had none.

    Args:
        base: what the form began with.
        begun: what the fields of a new line begin with, as it stands in their inputs: a row in which nothing else
            stands is none.
        whole: with rows in which nothing stands, so that each is where it was.
    """
    count = number(form.get(f"{name}-count", ""))
    if count is None:
        return None
    specs = tuple(specs)
    rows = []
    began = {str(row.get("id")): row for row in base.get(f"{name}[]") or ()}
    for index in range(min(count, _MOST_LINES)):
        prefix = f"{name}-{index}-"
        before = began.get(form.get(f"{prefix}id", ""), _NOTHING)
        row = _line(form, files, prefix, specs, kernel, before)
        if not _says_something(row, begun):
            row = {}
        if row or whole:
            rows.append(row)
    return rows


def _line(
    form: MultiDict[str, str],
    files: Mapping[str, Upload],
    prefix: str,
    specs: tuple[FieldSpec, ...],
    kernel: Kernel,
    before: Mapping[str, Any],
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for spec in specs:
        if f"{prefix}{spec.key}" in form:
            sent = form.getlist(f"{prefix}{spec.key}")[-1]
            row[spec.key] = _text(spec, sent, kernel, before.get(spec.key))
        if f"{prefix}{spec.key}" in files:
            row[spec.key] = files[f"{prefix}{spec.key}"]
    if number(form.get(f"{prefix}id", "")) is not None:
        row["id"] = form[f"{prefix}id"]
    if form.get(f"{prefix}_remove"):
        row["_remove"] = True
    return row


def _says_something(row: Mapping[str, Any], begun: Mapping[str, frozenset[str]]) -> bool:
    """Whether a row is of a line that is there, or something stands in it that nobody but the person can have given."""
    if "id" in row:
        return True
    return any(
        value not in ("", None) and value not in begun.get(name, ()) for name, value in row.items()
    )
