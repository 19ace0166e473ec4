"""No tracked file carries the address of a package registry."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import no_registry_address


def test_a_hash_without_an_address_passes(project: Callable[..., Path]) -> None:
    root = project(
        {
            "requirements.lock": """\
                uv==0.13.9 \\
                    --hash=sha256:00
                """,
        }
    )
    assert list(no_registry_address.findings(root)) == []


def test_an_address_in_a_lock_file_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "requirements.lock": """\
                --index-url https://pypi.org/simple
                uv==0.13.9
                """,
            "package-lock.json": """\
                {
                  "resolved": "here"
                }
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(no_registry_address.findings(root))
    ]
    assert found == ["package-lock.json:2", "requirements.lock:1"]
