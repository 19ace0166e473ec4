"""The reference page of a plugin: what it declares, as it is read."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def told(command: Callable[..., str]) -> Callable[[str], str]:
    return lambda plugin: command("plugin", "docs", plugin)


def test_a_field_is_told_with_its_rules(told: Callable[[str], str]) -> None:
    said = told("errands")
    assert "| `subject` | `str` | Subject | required, searched, up to 200 characters |" in said
    assert "| `due_on` | `date \\| None` | Due on |  |" in said


def test_a_hook_is_told_with_its_contract(told: Callable[[str], str]) -> None:
    said = told("errands")
    assert "def errand_effort(ctx: Context, errand_id: int) -> Sequence[tuple[str, int]]" in said
    assert "Raising leaves this part out; `Refused` goes through to the asker." in said


def test_a_role_is_told_with_what_it_allows_how_far(told: Callable[[str], str]) -> None:
    assert (
        "| Errand runner `errands.errand-runner` | relationship-manager |"
        " create, delete, export, read, update *Errand* (unit); use *Start, Finish, Drop* (unit) |"
    ) in told("errands")


def test_what_a_plugin_adds_to_anothers_workflow_is_told(told: Callable[[str], str]) -> None:
    said = told("visits")
    assert "### Added to `errands.errand`" in said
    assert "needs: `errands`" in said


def test_a_family_of_drivers_is_told_with_what_a_driver_fills_in(
    told: Callable[[str], str],
) -> None:
    said = told("channels")
    assert "def post(self, robot: Robot, message: Message, at: datetime) -> None" in said
    assert "A driver has it. Post a message, with no transaction open." in said
    assert "A driver may have it. Ask the provider for its news" in said


def test_the_drivers_that_a_plugin_brings_are_told(told: Callable[[str], str]) -> None:
    assert "| `sms` | `https` | One POST of JSON for a message" in told("channels")


def test_what_others_may_call_is_told_with_its_arguments(told: Callable[[str], str]) -> None:
    said = told("channels")
    assert "purpose: str, *, way: str = '') -> list[int]` | Tell a contact person something" in said
    assert "| `News` | `Sequence[SmsReport \\| SmsAnswer]` |" in said


def test_a_default_is_told_in_a_word_or_not_at_all(told: Callable[[str], str]) -> None:
    assert "kinds: frozenset[FileKind] = …) -> CheckedFile`" in told("documents")
    assert "repayment: Repayment = LEVEL_PAYMENT" in told("origination")


def test_a_kind_of_notice_is_told_with_its_way(told: Callable[[str], str]) -> None:
    assert "| A task came to me `task` | at-once |" in told("base")


def test_what_is_not_there_has_no_heading(told: Callable[[str], str]) -> None:
    said = told("notes")
    assert "## Records" in said
    assert "## Hooks" not in said
