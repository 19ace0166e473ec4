"""What plugins import: in order, explained, and without the kernel or what it is built on."""

from __future__ import annotations

import inspect
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module

import pytest

import tenor_sdk
from tenor_sdk import errors

MODULES = sorted(
    found.name
    for found in pkgutil.iter_modules(tenor_sdk.__path__, "tenor_sdk.")
    if found.name != "tenor_sdk.testing"
)


def test_what_the_package_offers_is_sorted_and_there() -> None:
    assert list(tenor_sdk.__all__) == sorted(tenor_sdk.__all__)
    assert [name for name in tenor_sdk.__all__ if not hasattr(tenor_sdk, name)] == []


def test_a_word_is_imported_where_it_is_asked_for() -> None:
    """Or each command would wait for the ORM, whatever it does."""
    code = "import sys; from tenor_sdk import Plugin, _; print('sqlalchemy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_a_name_that_is_not_offered_is_none_of_the_package() -> None:
    with pytest.raises(AttributeError, match="Recrod"):
        tenor_sdk.__getattr__("Recrod")


def _public(module: str) -> Iterator[tuple[str, object]]:
    for name, value in vars(import_module(module)).items():
        own = getattr(value, "__module__", None) == module
        if (
            not name.startswith("_")
            and own
            and (inspect.isclass(value) or inspect.isfunction(value))
        ):
            yield f"{module}.{name}", value


@pytest.mark.parametrize("module", MODULES)
def test_every_public_name_says_what_it_means(module: str) -> None:
    assert import_module(module).__doc__
    assert [name for name, value in _public(module) if not inspect.getdoc(value)] == []


def test_the_sdk_brings_neither_the_kernel_nor_its_frameworks() -> None:
    code = (
        f"import sys, {', '.join(MODULES)};"
        "print([name for name in ('tenor', 'flask', 'celery', 'marshmallow', 'pluggy') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("Refused", 422),
        ("Blocked", 422),
        ("Invalid", 422),
        ("Forbidden", 403),
        ("NotFound", 404),
        ("Conflict", 409),
    ],
)
def test_each_answer_has_its_status_its_key_and_its_values(kind: str, status: int) -> None:
    made = getattr(errors, kind)("limit-exceeded", limit=5)
    assert isinstance(made, errors.TenorError)
    assert (made.status, made.key, dict(made.values)) == (status, "limit-exceeded", {"limit": 5})
    assert str(made) == "limit-exceeded (limit=5)"


def test_what_was_handed_in_has_an_error_by_field() -> None:
    wrong = errors.Invalid(fields={"amount": errors.Invalid("not-an-amount", value="x")})
    assert wrong.key == "invalid"
    assert wrong.fields["amount"].key == "not-an-amount"
