"""What others may import is a list, and complete."""

from tenor_documents import public


def test_the_public_names_are_those_of_the_list() -> None:
    assert [name for name in public.__all__ if not hasattr(public, name)] == []
    assert len(set(public.__all__)) == len(public.__all__)


def test_they_can_be_imported_without_what_sets_type() -> None:
    import subprocess
    import sys

    program = "import sys, tenor_documents.public; print([m for m in ('typst', 'fontTools') if m in sys.modules])"
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
