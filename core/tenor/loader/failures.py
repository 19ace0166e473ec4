"""What becomes of a plugin that can't run: its name, the cause in words, and what to do about it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tenor_sdk.i18n import Text, _

log = logging.getLogger(__name__)

Stage = Literal[
    "manifest", "requirements", "order", "import", "mapping", "migration", "declarations", "boot"
]


class BootError(Exception):
    """The institution can't start at all: the kernel's own plugin, or its database, is at fault.

    Args:
        said: why; a text is told in the language of whoever reads it.
        detail: the traceback, for the log.
    """

    def __init__(self, said: Text | str, detail: str = "") -> None:
        super().__init__(f"{said}\n{detail}" if detail else f"{said}")
        self.said = said


class MigrationRefused(Exception):
    """A plan that was rolled back: what was in the way, and at which plugin."""

    def __init__(self, plugin: str, problem: Text | str) -> None:
        super().__init__(f"{plugin}: {problem}" if plugin else problem)
        self.plugin = plugin
        self.problem = problem

    @property
    def told(self) -> Text | str:
        """What was in the way, with the plugin where it is known."""
        if not self.plugin:
            return self.problem
        return _("{plugin}: {cause}", plugin=self.plugin, cause=self.problem)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a plugin that is installed and enabled doesn't run.

    Args:
        plugin: its name.
        stage: at which step of the start.
        cause: in words, for an administrator.
        remedy: what to do.
        detail: the traceback, for the log and the plugins page; empty where there is none.
        because_of: the plugin whose failure took this one along; empty where it is its own.
    """

    plugin: str
    stage: Stage
    cause: Text
    remedy: Text
    detail: str = ""
    because_of: str = ""


class PluginFault(Exception):
    """A plugin can't go on; carries its ``Failure`` to whoever leaves it out."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.plugin}: {failure.cause}")
        self.failure = failure


def words_of(error: BaseException) -> str:
    """An exception in one line: what it is and what it says."""
    said = text_of(error)
    if isinstance(error, SystemExit):
        return f"sys.exit({said})"
    said = said.strip().partition("\n")[0]
    return f"{type(error).__name__}: {said}" if said else type(error).__name__


def text_of(error: BaseException) -> str:
    """What an exception says; nothing, where it fails even at that: a plugin's own may."""
    try:
        return repr(error.code) if isinstance(error, SystemExit) else str(error)
    except KeyboardInterrupt:
        raise
    except BaseException:
        log.warning("%s can't say what it is", type(error).__name__, exc_info=True)
        return ""


def _with_place(plugin: str, error: BaseException) -> str:
    """The same with the line of the plugin's source that it came from, where its words don't say it."""
    said, place = words_of(error), ""
    for frame in traceback.walk_tb(error.__traceback__):
        if str(frame[0].f_globals.get("__name__", "")).partition(".")[0] == f"tenor_{plugin}":
            place = f"{frame[0].f_code.co_filename}:{frame[1]}"
    return f"{place}: {said}" if place and ".py" not in said else said


def failed_import(plugin: str, error: BaseException) -> Failure:
    """Its code raised while it was imported, or ended the process."""
    return Failure(
        plugin=plugin,
        stage="import",
        cause=_("Its code couldn't be imported: {error}", error=_with_place(plugin, error)),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
        detail=_traceback(error),
    )  # fmt: skip


def patches_another(plugin: str, what: str) -> Failure:
    """It put code of its own in the place of another's."""
    return Failure(
        plugin=plugin,
        stage="import",
        cause=_(
            "It replaces {what}, which isn't its own: others are changed by hooks, patches and extensions.",
            what=what,
        ),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
    )  # fmt: skip


def failed_trial(plugin: str, problem: str) -> Failure:
    """It was tried in a process of its own, and didn't come into service."""
    return Failure(
        plugin=plugin,
        stage="import",
        cause=_("It was tried and doesn't run: {problem}", problem=problem),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
    )  # fmt: skip


def failed_mapping(plugin: str, error: BaseException) -> Failure:
    """Its records can't be mapped."""
    return Failure(
        plugin=plugin,
        stage="mapping",
        cause=_("Its records are declared wrongly: {error}", error=_with_place(plugin, error)),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
        detail=_traceback(error),
    )  # fmt: skip


def failed_declaration(plugin: str, error: BaseException, place: str = "") -> Failure:
    """What it declares isn't accepted by a room of the kernel.

    Args:
        place: file and line of the declaration, where the error doesn't say it.
    """
    said = words_of(error)
    return Failure(
        plugin=plugin,
        stage="declarations",
        cause=_("What it declares can't be put into service: {error}", error=f"{place}: {said}" if place else said),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
        detail=_traceback(error),
    )  # fmt: skip


def of_the_kernel(failure: Failure) -> BootError:
    """What is wrong with the kernel's own plugin, which is no plugin to whoever reads it."""
    words = _(
        "Tenor itself can't start. {cause} {remedy}", cause=failure.cause, remedy=failure.remedy
    )
    return BootError(words, failure.detail)  # fmt: skip


def unusable(failure: Failure) -> BootError:
    """Why nothing can be done with a plugin that somebody named."""
    words = _(
        "{plugin}: {cause} {remedy}",
        plugin=failure.plugin,
        cause=failure.cause,
        remedy=failure.remedy,
    )
    return BootError(words, failure.detail)  # fmt: skip


def unfinished(failure: Failure) -> BootError:
    """The same for its author, who mends it."""
    words = _("{plugin}: {cause}", plugin=failure.plugin, cause=failure.cause)
    return BootError(words, failure.detail)


def claims_a_table(plugin: str, table: str, owner: str) -> Failure:
    """Its name is the beginning of another's table."""
    return Failure(
        plugin=plugin,
        stage="mapping",
        cause=_(
            "The table {table} of {owner} begins with its name, as if it were its own.",
            table=table,
            owner=owner,
        ),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
    )  # fmt: skip


def pending_migration(plugin: str) -> Failure:
    """Its tables aren't those of the installed version."""
    return Failure(
        plugin=plugin,
        stage="migration",
        cause=_("Its tables are not yet those of the installed version."),
        remedy=_("Run tenor migrate"),
    )


def newer_tables(plugin: str, revision: str, distribution: str) -> Failure:
    """Its tables were made by a version that the installed one knows nothing of."""
    return Failure(
        plugin=plugin,
        stage="migration",
        cause=_(
            "Its tables are at {revision}, which the installed version doesn't know: a newer one made them.",
            revision=revision,
        ),
        remedy=_(
            "Install that version again: pip install --upgrade {distribution}",
            distribution=distribution,
        ),
    )


def unreadable_migrations(plugin: str, problem: str) -> Failure:
    """Its revisions don't follow one another, or aren't literals."""
    return Failure(
        plugin=plugin,
        stage="migration",
        cause=_("Its migrations can't be read: {problem}", problem=problem),
        remedy=_("Install a version that works, or disable it: tenor plugin disable {plugin}", plugin=plugin),
    )  # fmt: skip


def without_migrations(plugin: str) -> Failure:
    """It declares records, and brings nothing that makes their tables."""
    return Failure(
        plugin=plugin,
        stage="migration",
        cause=_("It declares records, but brings no migrations that make their tables."),
        remedy=_("Its author writes them: tenor dev migration {plugin}", plugin=plugin),
    )


def told_to_leave_out(plugin: str) -> Failure:
    """The setting ``leave_out`` names it: by hand, or by the supervisor after it hung."""
    return Failure(
        plugin=plugin,
        stage="import",
        cause=_(
            "The setting leave_out names it: its start took too long, or somebody wants to do without it."
        ),
        remedy=_("Disable it, or start again without that setting."),
    )


def left_out(plugin: str, because_of: str) -> Failure:
    """It needs one that doesn't run."""
    return Failure(
        plugin=plugin,
        stage="requirements",
        cause=_("It needs {other}, which doesn't run.", other=because_of),
        remedy=_("Mend {other} first: tenor plugin show {other}", other=because_of),
        because_of=because_of,
    )


def _traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))


def joined(texts: Sequence[Text]) -> Text:
    """Several texts in a row, each in the reader's language."""
    places = {f"t{number}": text for number, text in enumerate(texts)}
    return Text(" ".join(f"{{{place}}}" for place in places), dict(places))
