"""The look: templates render in both languages, every word is translated, every colour can be read."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tools.gallery import CATALOGUE, WEB, environment, icon_names
from tools.gallery_pages import PAGES, Words, shell_for

SOURCES = WEB / "static_src"
TEMPLATES = WEB / "templates"


def page(name: str, lang: str) -> str:
    words = Words(lang)
    shell = shell_for(words, "light")
    template, make = PAGES[name]
    context = {"shell": shell, "lang": words.tag} | make(words, shell)
    return environment(lang).get_template(template).render(context)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", sorted(PAGES))
def test_every_page_renders_whole_with_each_id_once(name: str, lang: str) -> None:
    html = page(name, lang)
    ids = Counter(re.findall(r'\sid="([^"]+)"', re.sub(r"(?s)<template>.*?</template>", "", html)))
    assert html.rstrip().endswith("</html>")
    assert [each for each, times in ids.items() if times > 1] == []
    assert "built-in method" not in html


def test_every_word_of_the_templates_is_in_the_chinese_catalogue() -> None:
    with CATALOGUE.open("rb") as file:
        chinese = read_po(file, locale="zh_CN")
    used = {
        message if isinstance(message, str) else message[0]
        for _, _, message, _, _ in extract_from_dir(
            str(TEMPLATES),
            method_map=[("**.html", "jinja2")],
            options_map={"**": {"silent": "false"}},
        )
    }
    untranslated = [word for word in used if not (found := chinese.get(word)) or not found.string]
    unused = {m.id if isinstance(m.id, str) else m.id[0] for m in chinese if m.id} - used
    assert (untranslated, sorted(unused)) == ([], [])


def test_every_icon_that_a_template_names_is_carried() -> None:
    named = {
        name
        for file in TEMPLATES.rglob("*.html")
        for name in re.findall(r"icon\('([\w-]+)'\)|'icon': '([\w-]+)'", file.read_text("utf-8"))
        for name in name
        if name
    }
    assert named - icon_names() == set()


def test_our_scripts_stay_within_eighteen_kilobytes() -> None:
    assert sum(len(file.read_bytes()) for file in (SOURCES / "js").glob("*.js")) <= 18 * 1024


def test_a_page_loads_no_script_that_is_fetched_when_it_is_needed() -> None:
    """Those of ``later`` aren't among the bytes of every page, so nothing of these may import one outright."""
    everywhere = [file.read_text("utf-8") for file in (SOURCES / "js").glob("*.js")]
    outright = [re.findall(r'(?m)^import\b[^(\n]*"\./later/', text) for text in everywhere]
    asked_for = {
        name for text in everywhere for name in re.findall(r'import\("\./(later/\S+)"\)', text)
    }
    later = {f"later/{file.name}" for file in (SOURCES / "js" / "later").glob("*.js")}
    assert [each for each in outright if each] == []
    assert asked_for == later


def test_each_stylesheet_keeps_to_one_subject() -> None:
    long = {
        f.name for f in (SOURCES / "css").glob("*.css") if len(f.read_text().splitlines()) > 400
    }
    assert long == set()


# ---- contrast: WCAG 2.2, 1.4.3 and 1.4.11 ----


def tokens(theme: int) -> dict[str, str]:
    css = (SOURCES / "css" / "tokens.css").read_text()
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", css)
    return {name: (light, dark)[theme] for name, light, dark in pairs}


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    channels = (int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [(ink, ground) for ink in ("ink", "ink2", "ink3", "acc") for ground in ("paper", "sheet")]
TINTED = [(hue, f"{hue}-t") for hue in ("seal", "blue", "yel", "ora", "red", "acc")]


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "ground"), [*TEXT, *TINTED, ("ink2", "acc-t"), ("rail-ink", "rail")]
)
def test_text_can_be_read_on_its_ground(ink: str, ground: str, theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours[ink], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_border_of_a_control_can_be_seen(theme: int) -> None:
    colours = tokens(theme)
    assert contrast(colours["ctl"], colours["sheet"]) >= 3


def test_no_template_says_anything_by_colour_given_in_place() -> None:
    offenders = [
        f.relative_to(TEMPLATES).as_posix()
        for f in Path(TEMPLATES).rglob("*.html")
        if re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", f.read_text("utf-8"))
    ]
    assert offenders == []
