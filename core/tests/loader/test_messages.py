"""Which strings of a plugin are found."""

from pathlib import Path

from tenor.loader.messages import in_source


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
