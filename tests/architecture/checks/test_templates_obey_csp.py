"""Templates hold nothing that the content security policy refuses."""

from collections.abc import Callable
from pathlib import Path

from tools.checks import templates_obey_csp


def test_classes_modules_and_links_pass(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/web/templates/page.html": """\
                <script type="module" src="{{ asset('js/tenor.js') }}"></script>
                <a href="https://law.example/">law</a>
                <p class="t-on" data-only="1">{# style="x" #}</p>
                """,
        }
    )
    assert list(templates_obey_csp.findings(root)) == []


def test_inline_style_script_and_handlers_are_found(project: Callable[..., Path]) -> None:
    root = project(
        {
            "core/tenor/web/templates/page.html": """\
                <p style="color: red">
                <script>go()</script>
                <button type="button" onclick="go()">
                <style>p {}</style>
                <img src="https://cdn.example/x.png">
                <a hx-on:click="go()">
                """,
        }
    )
    found = [
        finding.told(root).split(": ")[0] for finding in sorted(templates_obey_csp.findings(root))
    ]
    assert found == [
        "core/tenor/web/templates/page.html:1",
        "core/tenor/web/templates/page.html:2",
        "core/tenor/web/templates/page.html:3",
        "core/tenor/web/templates/page.html:4",
        "core/tenor/web/templates/page.html:5",
        "core/tenor/web/templates/page.html:6",
    ]
