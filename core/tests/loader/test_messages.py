"""Which strings of a plugin are found."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tenor.loader.messages import in_source

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


def test_marked_texts_and_error_keys_are_found_with_their_line(tmp_path: Path) -> None:
    source = tmp_path / "services.py"
    source.write_text(
        "def f(n):\n"
        "    x = _('{n} left', n=n)\n"
        "    y = ngettext('{n} day', '{n} days', n)\n"
        "    raise errors.Refused('too-late', day=1)\n"
        "    raise ValueError('not for people')\n"
    )
    assert [(each.message, each.place.rpartition(":")[2]) for each in in_source(source)] == [
        ("{n} left", "2"),
        ("{n} day", "3"),
        ("error:too-late", "4"),
    ]


def test_an_error_without_words_is_told_for_english_too(
    shelf: "Shelf", command: Callable[..., str]
) -> None:
    shelf.plugin("late", {"services.py": "def f(errors):\n    raise errors.Refused('too-late')\n"})
    said = command("dev", "messages", "late", expect=1).splitlines()
    told = {line.partition(":")[0] for line in said if line.endswith(": error:too-late")}
    assert told == {"zh-CN", "en"}
