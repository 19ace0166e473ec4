from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.checks import one_translation_a_message
from tools.checks.found import TargetGone

FOLDER = "core/tenor/translations/zh_CN/LC_MESSAGES"


def catalogue(**messages: str) -> str:
    return "".join(f'msgid "{said}"\nmsgstr "{text}"\n\n' for said, text in messages.items())


def test_a_message_that_is_translated_alike_passes(project: Callable[..., Path]) -> None:
    root = project(
        {
            f"{FOLDER}/one.po": catalogue(Back="返回", Name="名称"),
            f"{FOLDER}/two.po": catalogue(Back="返回", From=""),
            f"{FOLDER}/three.po": catalogue(From="从"),
            "plugins/loans/tenor_loans/translations/zh_CN/LC_MESSAGES/loans.po": catalogue(
                Back="还款"
            ),
        }
    )
    assert list(one_translation_a_message.findings(root)) == []


def test_one_that_is_translated_in_two_ways_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            f"{FOLDER}/one.po": catalogue(From="发件人"),
            f"{FOLDER}/two.po": catalogue(Until="至", From="从"),
        }
    )
    (found,) = one_translation_a_message.findings(root)
    assert found.told(root).startswith(
        f"{FOLDER}/two.po:4: 'From' is translated otherwise in one.po"
    )


def test_where_no_catalogue_is_left_the_rule_says_so(project: Callable[..., Path]) -> None:
    with pytest.raises(TargetGone):
        list(one_translation_a_message.findings(project({"README.md": "nothing"})))
