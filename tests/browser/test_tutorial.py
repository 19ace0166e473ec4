"""The tutorial shows what the journey does: same steps, all of its pictures, no other ones."""

from __future__ import annotations

import pytest

from tenor_customers.demo_files import zeyuan_workbook
from tests.browser.first_loan.story import STEPS
from tests.browser.tutorial import FILES, IMAGES, PAGES, headings, pictures

LARGEST = 200_000


@pytest.mark.parametrize("language", PAGES)
def test_a_page_has_the_steps_of_the_journey(language: str) -> None:
    titles = [step.title if language == "en" else step.chinese for step in STEPS]
    assert headings(language) == [f"{n}. {title}" for n, title in enumerate(titles, start=1)]


def test_every_picture_is_shown_and_small() -> None:
    there = {image.stem: image.stat().st_size for image in IMAGES.glob("*.png")}
    assert set(there) == {name for language in PAGES for name in pictures(language)}
    assert {name: size for name, size in there.items() if not 0 < size < LARGEST} == {}


def test_the_files_are_those_of_the_demo() -> None:
    assert (FILES / "zeyuan_2023-2025.xlsx").read_bytes() == zeyuan_workbook()
    faulty = (FILES / "zeyuan_2023-2025_faulty.xlsx").read_bytes()
    assert faulty == zeyuan_workbook(balanced=False)
