"""What is known of a plugin without importing it."""

import sys
from typing import TYPE_CHECKING

import pytest

from tenor.loader.manifest import ManifestError, find, stated

if TYPE_CHECKING:
    from core.tests.loader.conftest import Shelf


def test_a_plugin_that_ends_the_process_is_read_without_being_imported(shelf: "Shelf") -> None:
    shelf.plugin("rude", body="import sys; sys.exit(3)", stated='category="Rude", asks=("email",)')
    installed, _failures = find()
    assert installed["rude"].stated.category == "Rude"
    assert installed["rude"].stated.asks == ("email",)
    assert "tenor_rude" not in sys.modules


def test_name_version_and_requirements_are_those_of_pip(shelf: "Shelf") -> None:
    shelf.plugin(
        "loan_book",
        version="2.4",
        requires=["tenor-sdk>=0.1", "Tenor_Loans >=1", "openpyxl", 'tenor-dev; extra == "dev"'],
    )
    manifest = find()[0]["loan_book"]
    assert (manifest.distribution, manifest.version) == ("tenor-loan-book", "2.4")
    assert list(manifest.requires) == ["loans"]


@pytest.mark.parametrize(
    ("entry", "name"), [("tenor_other:plugin", "odd"), ("tenor_a.b:plugin", "a"), ("x:plugin", "x")]
)
def test_an_entry_point_by_another_name_than_its_package_is_refused(
    shelf: "Shelf", entry: str, name: str
) -> None:
    shelf.plugin(name, entry=entry)
    installed, failures = find()
    assert name not in installed
    assert [failure.stage for failure in failures if failure.plugin == name] == ["manifest"]


def test_a_computed_title_is_refused_with_file_and_line() -> None:
    source = "\n\nplugin = Plugin(\n    title='a' + str(1),\n)\n"
    with pytest.raises(ManifestError, match=r"here\.py:4: title must be a literal"):
        stated(source, "here.py")


def test_a_word_that_a_manifest_does_not_have_is_refused() -> None:
    with pytest.raises(ManifestError, match=r"here\.py:1: Plugin\(…\) has no colour"):
        stated("plugin = Plugin(title='A', colour='red')", "here.py")


def test_a_module_without_a_manifest_is_refused() -> None:
    with pytest.raises(ManifestError, match="not 0"):
        stated("x = 1", "here.py")


def test_two_distributions_that_bring_the_same_plugin_are_both_named(shelf: "Shelf") -> None:
    shelf.plugin("twin")
    shelf.plugin("twin", distribution="tenor-twin-fork", version="9")
    failure = next(each for each in find()[1] if each.plugin == "twin")
    assert "tenor-twin, tenor-twin-fork" in str(failure.cause)


def test_a_plugin_installed_a_moment_ago_is_found(shelf: "Shelf") -> None:
    find()
    shelf.plugin("fresh")
    assert "fresh" in find()[0]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("def (", "SyntaxError"),
        ("x = '\0'", "null bytes"),
        ("plugin = Plugin()", "title"),
        ("plugin = Plugin(title='A', asks=5)", "asks isn't a tuple"),
        ("plugin = Plugin(title='A', optional='customers')", "optional isn't a tuple"),
        ("plugin = Plugin(title='A', critical='no')", "critical isn't a bool"),
        ("plugin = Plugin(title='A', category={[]: 1})", "category must be a literal"),
        ("plugin = Plugin(title='A', asks=([],))", "asks isn't a tuple"),
    ],
)
def test_a_source_that_says_nothing_harms_no_other_plugin(
    shelf: "Shelf", source: str, problem: str
) -> None:
    shelf.plugin("good")
    (shelf.plugin("odd") / "__init__.py").write_text(source)
    installed, failures = find()
    assert "good" in installed
    assert "odd" not in installed
    (failure,) = [each for each in failures if each.plugin == "odd"]
    assert problem in str(failure.cause)


@pytest.mark.parametrize(
    "metadata",
    [
        "Name: tenor-odd\nVersion: of today",
        "Name: tenor-odd\nVersion: 1\nRequires-Dist: !!! nonsense",
        "Name: tenor-odd",
        "Version: 1",
        "",
    ],
)
def test_metadata_that_say_nothing_harm_no_other_plugin(shelf: "Shelf", metadata: str) -> None:
    shelf.plugin("good")
    shelf.plugin("odd")
    (shelf.folder / "tenor_odd-1.0.dist-info" / "METADATA").write_text(metadata)
    installed, failures = find()
    assert "good" in installed
    assert "odd" not in installed
    assert [each.stage for each in failures if each.plugin == "odd"] == ["manifest"]
