"""The build of assets: stylesheets become one, every reference follows the hashed name, what is missing is said."""

import re
from pathlib import Path

import pytest

from tools.assets import sources, sprite


def _folder(path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return path


def test_imported_stylesheets_vanish_into_the_one_that_pages_link(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        {
            "css/tenor.css": '@import url("parts/base.css");\n.t-page {}\n',
            "css/parts/base.css": 'p { background: url("../../img/paper.svg"); }\n',
            "img/paper.svg": "<svg/>",
        },
    )
    files = sources.own(folder)
    assert sorted(files) == ["css/tenor.css", "img/paper.svg"]
    assert files["css/tenor.css"].decode() == (
        'p { background: url("../img/paper.svg"); }\n.t-page {}\n'
    )


def test_references_follow_the_hashed_names(tmp_path: Path) -> None:
    folder = _folder(
        tmp_path,
        {
            "css/tenor.css": 'p { src: url("../img/paper.svg"); mask: url(data:x); }\n',
            "img/paper.svg": "<svg/>",
            "js/tenor.js": 'import { open } from "./menu.js";\nimport("./chart.js");\n',
            "js/menu.js": "export const open = 1;\n",
            "js/chart.js": "export default 2;\n",
        },
    )
    manifest, contents = sources.hashed(sources.own(folder))
    style = contents[manifest["css/tenor.css"]].decode()
    script = contents[manifest["js/tenor.js"]].decode()
    assert f"../{manifest['img/paper.svg']}" in style
    assert "url(data:x)" in style
    assert f'"./{Path(manifest["js/menu.js"]).name}"' in script
    assert f'import("./{Path(manifest["js/chart.js"]).name}")' in script
    assert re.fullmatch(r"js/menu\.[0-9a-f]{10}\.js", manifest["js/menu.js"])


def test_a_changed_module_renames_those_that_import_it(tmp_path: Path) -> None:
    files = {"js/tenor.js": 'import "./menu.js";\n', "js/menu.js": "1;\n"}
    before, _ = sources.hashed(sources.own(_folder(tmp_path, files)))
    after, _ = sources.hashed(sources.own(_folder(tmp_path, {"js/menu.js": "2;\n"})))
    assert before["js/tenor.js"] != after["js/tenor.js"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"css/a.css": '@import "b.css";'}, "css/a.css imports 'b.css'"),
        ({"css/a.css": "p { src: url(b.png); }"}, "css/a.css refers to 'b.png'"),
        ({"js/a.js": 'import "./b.js";', "js/b.js": 'import "./a.js";'}, "break the circle"),
    ],
)
def test_what_is_missing_or_circular_is_said(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    with pytest.raises(SystemExit, match=re.escape(said)):
        sources.hashed(sources.own(_folder(tmp_path, files)))


def test_the_sprite_holds_each_wanted_icon_once(tmp_path: Path) -> None:
    shape = '<path stroke="none" d="M0 0h24v24H0z" fill="none"/><path d="M5 12l5 5"/>'
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none">{shape}</svg>'
    )
    icons = _folder(tmp_path, {"outline/check.svg": drawing, "filled/check.svg": drawing})
    wanted = sprite.names("check  # done\n\n# a remark\nfilled/check\ncheck\n")
    drawn = sprite.sprite(wanted, icons).decode()
    assert drawn.count('<symbol id="check"') == 1
    assert '<symbol id="check-filled" viewBox="0 0 24 24" fill="none"><path d="M5 12l5 5"' in drawn


def test_an_unknown_icon_is_named_with_those_near_it(tmp_path: Path) -> None:
    icons = _folder(tmp_path, {"outline/file-text.svg": "<svg/>"})
    with pytest.raises(SystemExit, match=r"'file-txt', which Tabler hasn't\. Near it: file-text"):
        sprite.sprite(["file-txt"], icons)
