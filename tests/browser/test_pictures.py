"""Pages in pictures are there after each run, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.pictures import LANGUAGES, PICTURES, THEMES, path_of, take
from tests.browser.test_pages import desk

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tenor_test_support.browser import Console
    from tests.browser.house import House


@pytest.mark.parametrize("language", LANGUAGES)
def test_fourteen_pages_are_taken_in_light_and_dark(
    chromium: Browser, console: Console, demo_bank: House, language: str
) -> None:
    console.expect("409")  # two people change one record
    for login in dict.fromkeys(picture.login for picture in PICTURES):
        with desk(chromium, demo_bank, console, language) as somebody:
            if login:
                somebody.sign_in(login)
            for picture in PICTURES:
                if picture.login == login:
                    picture.go(somebody)
                    take(somebody, picture)
    wanted = [path_of(picture, language, theme) for picture in PICTURES for theme in THEMES]
    assert len(PICTURES) == 14
    assert [path.name for path in wanted if not path.stat().st_size] == []
