"""Draw every page template with plausible data, so that a person can look at it.

    python tools/gallery.py OUT           renders zh and en, light and dark
    python tools/gallery.py OUT --shots   and photographs them in Chromium

The assets are those of the build (`make assets`). The pages are served under the product's own
Content-Security-Policy while they are photographed; an error on the console ends the run with 1.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jinja2
from babel.messages.pofile import read_po
from markupsafe import Markup

from tenor.web.drawn import Drawn
from tenor.web.drawn_tables import Tables

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tools.gallery_pages import PAGES, Words, shell_for  # noqa: E402 - a script finds its package first

WEB = ROOT / "core" / "tenor" / "web"
CATALOGUE = WEB.parent / "translations" / "zh_CN" / "LC_MESSAGES" / "tenor-web.po"
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:"
CHROMIUM = "/usr/bin/chromium"


def icon_names() -> set[str]:
    """The icons that the product carries."""
    lines = (WEB / "static_src" / "icons.txt").read_text("utf-8").splitlines()
    return {line.partition("#")[0].strip() for line in lines} - {""}


@functools.cache
def manifest() -> dict[str, str]:
    """The build's list: the name a page asks for, the file it gets; empty before the first build."""
    file = WEB / "static" / "manifest.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def asset(name: str) -> str:
    """The address of a built file."""
    return f"/static/{manifest().get(name, name)}"


def icon(name: str) -> Markup:
    """What the kernel's own `icon` gives.

    Raises:
        KeyError: the icon isn't in icons.txt.
    """
    if name not in icon_names():
        raise KeyError(f"{name} isn't in icons.txt")
    use = Markup('<use href="{}#{}"/>').format(asset("icons.svg"), name)
    return Markup('<svg class="t-icon" aria-hidden="true">{}</svg>').format(use)


def translations(lang: str) -> tuple[Callable[[str], str], Callable[[str, str, int], str]]:
    """Gettext and ngettext of one language."""
    if lang != "zh":
        return lambda text: text, lambda one, many, n: one if n == 1 else many
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="zh_CN")

    def single(text: str) -> str:
        message = catalogue.get(text)
        return str(message.string) if message and message.string else text

    def plural(one: str, many: str, _n: int) -> str:
        message = catalogue.get(one)
        return str(message.string[0]) if message and message.string else many

    return single, plural


def environment(lang: str) -> jinja2.Environment:
    """Jinja as the kernel sets it up, with stand-ins for what needs a request."""
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(WEB / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
    )
    single, plural = translations(lang)
    env.install_gettext_callables(single, plural, newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    drawn = Drawn(single)
    env.globals.update(
        asset=asset, icon=icon, drawn=drawn, tables=Tables(drawn), csrf_token=lambda: "token", dressed=dict
    )  # fmt: skip
    return env


def render(out: Path, lang: str, theme: str) -> list[Path]:
    """Write every page in one language and one theme; returns the files."""
    env = environment(lang)
    words = Words(lang)
    folder = out / f"{lang}-{theme}"
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, (template, make) in PAGES.items():
        context: dict[str, Any] = {"shell": shell_for(words, theme), "theme": theme}
        context |= {"lang": words.tag} | make(words, context["shell"])
        file = folder / f"{name}.html"
        file.write_text(env.get_template(template).render(context))
        files.append(file)
    return files


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the gallery under the product's policy, silently."""

    def end_headers(self) -> None:
        """Add the policy to each answer."""
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextlib.contextmanager
def served(out: Path) -> Iterator[str]:
    """The address of the gallery while the block runs, on a port that was free."""
    handler = functools.partial(Handler, directory=str(out))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


def photograph(out: Path, files: list[Path], only: str) -> list[str]:
    """A picture of each page at 1440 × 900, and of some on a phone; returns what went wrong."""
    from playwright.sync_api import sync_playwright

    faults: list[str] = []
    shots = out / "shots"
    shots.mkdir(exist_ok=True)
    with served(out) as address, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for lang, phone in (("zh", False), ("en", False), ("zh", True)):
            page = browser.new_page(
                viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
                device_scale_factor=2 if phone else 1,
                locale="zh-CN" if lang == "zh" else "en-GB",
            )
            page.on("console", lambda m: faults.append(m.text) if m.type == "error" else None)
            page.on("pageerror", lambda e: faults.append(str(e)))
            for file in files:
                name = f"{file.parent.name}-{file.stem}"
                if only not in name or not name.startswith(lang):
                    continue
                if phone and file.parent.name != "zh-light":
                    continue
                page.goto(f"{address}/{file.relative_to(out)}", wait_until="networkidle")
                page.screenshot(path=shots / f"{name}{'-phone' if phone else ''}.png")
                if not phone and file.parent.name == "zh-light":
                    page.pdf(path=shots / f"{name}.pdf", prefer_css_page_size=True)
        browser.close()
    return faults


def main() -> int:
    """Render, and photograph where asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("out", type=Path, help="the folder to write")
    parser.add_argument("--shots", action="store_true", help="photograph the pages too")
    parser.add_argument("--only", default="", help="photograph only names that contain this")
    options = parser.parse_args()
    if not manifest():
        raise SystemExit("There are no assets yet: make assets")
    shutil.copytree(WEB / "static", options.out / "static", dirs_exist_ok=True)
    files = [
        file
        for lang in ("zh", "en")
        for theme in ("light", "dark")
        for file in render(options.out, lang, theme)
    ]
    print(f"{len(files)} pages in {options.out}")
    faults = photograph(options.out, files, options.only) if options.shots else []
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
