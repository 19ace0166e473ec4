"""Links lead somewhere, and decisions have their form."""

from collections.abc import Callable
from pathlib import Path

from tools import docs


def test_a_link_inside_the_project_or_out_of_it_passes(project: Callable[..., Path]) -> None:
    root = project(
        {
            "README.md": "[how](docs/decisions/0001-one.md#context) [law](https://law.example)\n",
        }
    )
    assert list(docs.findings(root)) == []


def test_a_broken_link_and_a_formless_decision_are_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "README.md": "[gone](docs/gone.md)\n",
            "docs/decisions/0002-two.md": "# Two\n",
        }
    )
    said = [finding.told(root) for finding in sorted(docs.findings(root))]
    assert said[0] == "README.md:1: the link docs/gone.md leads nowhere"
    assert "docs/decisions/0002-two.md:1: a decision has a section '## Evidence'" in said
    assert "docs/decisions/README.md:1: 0002-two.md isn't in the index: add its line" in said
