"""A report in words: the same lines on the page, in the file and on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from tenor_sdk.i18n import Text, _, ngettext

if TYPE_CHECKING:
    from tenor.reports.kept import Report

Say = Callable[[Text], str]
_LABELS: Final = {
    "at": _("When"), "asked": _("Address"), "tenor": _("Tenor"), "sdk": _("SDK"), "python": _("Python"),
    "database": _("Database"), "plugins": _("Plugins"), "failed": _("Plugins that don’t run"),
    "browser": _("Browser"), "language": _("Language"), "positions": _("Positions"), "roles": _("Roles"),
}  # fmt: skip


def facts(report: Report, say: Say) -> Iterator[tuple[str, str]]:
    """What is in a report besides its number and its errors, each with its label."""
    contents = report.contents()
    for name, label in _LABELS.items():
        said = _said(contents.get(name))
        yield say(label), said.replace("T", " ") if name == "at" else said


def traces(report: Report, say: Say) -> list[tuple[str, list[str]]]:
    """Each error with its lines."""
    return [
        (each["error"], [_line(frame, say) for frame in each["frames"]])
        for chain in report.errors
        for each in chain
    ]


def text(report: Report, say: Say) -> str:
    """The whole as plain text."""
    lines = [f"{say(_('Report'))} {report.number}"]
    lines += [f"{label}: {value or '-'}" for label, value in facts(report, say)]
    for error, frames in traces(report, say):
        lines += ["", error, *(f"  {frame}" for frame in frames)]
    return "\n".join(lines) + "\n"


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {version}" for name, version in value.items())
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value or "")


def _line(frame: dict[str, Any], say: Say) -> str:
    if "others" in frame:
        number = int(frame["others"])
        return say(ngettext("({n} line of libraries)", "({n} lines of libraries)", number))
    return f"{frame['file']}:{frame['line']} {frame['function']}"
