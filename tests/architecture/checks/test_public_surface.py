"""What others import is on record and breaks only with the version."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tools.checks import public_surface
from tools.surface import packages, surface

PROJECT = '[project]\nname = "tenor-loans"\nversion = "{version}"\ndependencies = ["tenor-sdk", "tenor-customers"]\n'
SDK = '[project]\nname = "tenor-sdk"\nversion = "1.4.0"\n'
PUBLIC = 'from tenor_loans.services import Driver, Rule, Terms, book\n\n__all__ = ["Driver", "Rule", "Terms", "book"]\n'
SERVICES = """\
from abc import abstractmethod
from dataclasses import dataclass


def book(ctx: int, amount: int) -> int:
    return amount


@dataclass(frozen=True)
class Terms:
    months: int


@dataclass(frozen=True, init=False)
class Rule:
    months: int

    def __init__(self, months: int) -> None: ...


class Driver:
    @abstractmethod
    def send(self) -> None: ...

    def _own(self) -> None: ...
"""


@pytest.fixture
def told(project: Callable[..., Path]) -> Callable[..., list[str]]:
    """What is said of the plugin's services in another shape, after the surface was written with the first."""

    def judge(services: str, version: str = "0.1.0") -> list[str]:
        files = {
            "sdk/pyproject.toml": SDK,
            "plugins/loans/pyproject.toml": PROJECT.format(version="0.1.0"),
            "plugins/loans/tenor_loans/public.py": PUBLIC,
            "plugins/loans/tenor_loans/services.py": SERVICES,
        }
        root = project(files)
        for package in packages(root):
            lines = "".join(f"{name}: {said}\n" for name, said in surface(package).items())
            package.file.write_text(f"# {package.promise}\n{lines}")
        (root / "plugins/loans/tenor_loans/services.py").write_text(services)
        (root / "plugins/loans/pyproject.toml").write_text(PROJECT.format(version=version))
        return [finding.words for finding in public_surface.findings(root)]

    return judge


def test_a_body_may_change_and_what_is_private(told: Callable[..., list[str]]) -> None:
    assert told(SERVICES.replace("return amount", "return 0").replace("_own", "_mine")) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("def book(", "def pay(", "tenor_loans.book was"),
        ("amount: int)", "amount: str)", "tenor_loans.book was"),
        ("amount: int)", "amount: int, day: int)", "tenor_loans.book was"),
        ("amount: int)", "sum: int)", "tenor_loans.book was"),
        ("-> int", "-> str", "tenor_loans.book was"),
        ("    months: int", "    years: int", "tenor_loans.Terms.months is gone"),
        ("    months: int", "    months: int\n    rate: int", "tenor_loans.Terms.rate is asked"),
        ("    def _own", "    @abstractmethod\n    def ask", "tenor_loans.Driver.ask is asked"),
    ],
)
def test_what_breaks_whoever_uses_it_is_refused(
    told: Callable[..., list[str]], was: str, becomes: str, said: str
) -> None:
    changed = SERVICES.replace(was, becomes)
    assert changed != SERVICES
    words = told(changed)
    assert any(each.startswith(said) for each in words)
    assert all("it breaks whoever uses tenor-loans 0.1" in each for each in words)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("amount: int)", "amount: int, day: int = 0)"),
        (
            "    def __init__(self, months: int)",
            "    days: int\n\n    def __init__(self, months: int, days: int = 0)",
        ),
        ("amount: int)", "amount: int = 0)"),
        ("amount: int)", "amount: int, *, day: int = 0)"),
        ("    months: int", "    months: int\n    rate: int = 0"),
        ("class Driver:", "class Driver(Terms):"),
    ],
)
def test_what_is_only_more_is_put_on_record(
    told: Callable[..., list[str]], was: str, becomes: str
) -> None:
    assert told(SERVICES.replace(was, becomes)) == ["isn't as the source has it: run make surface"]


def test_another_version_may_break_it(told: Callable[..., list[str]]) -> None:
    assert told(SERVICES.replace("amount: int)", "amount: str)"), "0.2.0") == [
        "isn't as the source has it: run make surface"
    ]
