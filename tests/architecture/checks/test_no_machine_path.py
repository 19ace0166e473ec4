"""No tracked file carries a path of one machine."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import no_machine_path


def test_a_path_of_the_project_or_an_address_passes(project: Callable[..., Path]) -> None:
    root = project(
        {
            "README.md": "See docs/tutorial, https://bank.example/home/page and $HOME/.cache.\n",
        }
    )
    assert list(no_machine_path.findings(root)) == []


def test_somebodys_folder_is_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "README.md": """\
                cd /home/lin/tenor
                open '/Users/lin/x'
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(no_machine_path.findings(root))
    ]
    assert found == ["README.md:1", "README.md:2"]
