"""The kernel and plugins name records only by what may be seen of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.checks import names_by_titles
from tools.checks.found import TargetGone

TITLES = {
    "core/tenor/records/titles.py": "def of(record):\n    return record.display()\n",
    "plugins/loans/tenor_loans/__init__.py": "",
}


def test_titles_may_ask_a_record_itself(project: Callable[..., Path]) -> None:
    page = {"core/tenor/web/page.py": "def head(show, record):\n    return show.name(record)\n"}
    assert list(names_by_titles.findings(project({**TITLES, **page}))) == []


def test_a_page_that_asks_a_record_is_found(project: Callable[..., Path]) -> None:
    page = {"core/tenor/web/page.py": "def head(record):\n    return record.display()\n"}
    root = project({**TITLES, **page})
    found = [finding.told(root).split(": ")[0] for finding in names_by_titles.findings(root)]
    assert found == ["core/tenor/web/page.py:2"]


def test_a_plugin_that_asks_a_record_is_found(project: Callable[..., Path]) -> None:
    sheet = {"plugins/loans/tenor_loans/sheet.py": "def row(loan):\n    return loan.display()\n"}
    root = project({**TITLES, **sheet})
    found = [finding.told(root).split(": ")[0] for finding in names_by_titles.findings(root)]
    assert found == ["plugins/loans/tenor_loans/sheet.py:2"]


def test_it_says_so_where_the_titles_moved_away(project: Callable[..., Path]) -> None:
    with pytest.raises(TargetGone):
        list(names_by_titles.findings(project({})))
