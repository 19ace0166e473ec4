"""A template and its data become one PDF, always the same."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tenor_documents.fonts import Fonts
from tenor_documents.rendering import SignaturePlace, Template, canonical_json, render
from tenor_sdk.errors import Invalid, Refused

HEAD = '#let d = json(bytes(sys.inputs.at("data")))\n#set text(font: sys.inputs.at("family"))\n'
NOTICE = Template("notice", HEAD + "#d.name 你好")
PLACE = Template(
    "place",
    HEAD
    + "#set page(width: 200pt, height: 300pt, margin: 20pt)\n"
    + "#metadata((name: d.name, page: 1, left: 20, bottom: 10.4, width: 100, height: 50))"
    + "<signature-place>",
)


def test_the_same_template_and_data_give_the_same_bytes(made_at: datetime) -> None:
    first = render(NOTICE, {"name": "郭振东"}, made_at=made_at)
    assert render(NOTICE, {"name": "郭振东"}, made_at=made_at) == first


@pytest.mark.parametrize("name", ["#evil[]", '#read("main.typ")', "*粗*", "$x$ <a> @b \\ // c"])
def test_data_are_never_markup(
    name: str, made_at: datetime, text_of: Callable[[bytes], str]
) -> None:
    assert "".join(name.split()) in text_of(render(NOTICE, {"name": name}, made_at=made_at).content)


def test_a_document_says_of_which_template_and_data_it_was_made(made_at: datetime) -> None:
    made = render(NOTICE, {"name": "郭振东"}, made_at=made_at)
    changed = replace(NOTICE, source=NOTICE.source + " ")
    again = render(changed, {"name": "郭振东"}, made_at=made_at)
    assert made.template_version != again.template_version
    assert made.data_sha256 == again.data_sha256


def test_the_time_of_making_is_the_one_that_was_handed_in(made_at: datetime) -> None:
    assert (
        b"CreationDate(D:20260630090000Z)"
        in render(NOTICE, {"name": "甲"}, made_at=made_at).content
    )
    later = render(NOTICE, {"name": "甲"}, made_at=made_at + timedelta(days=1))
    assert b"CreationDate(D:20260701090000Z)" in later.content


def test_a_time_without_zone_is_not_taken() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render(NOTICE, {"name": "甲"}, made_at=datetime(2026, 6, 30))  # noqa: DTZ001  # what the check is about


def test_places_for_signatures_come_out_in_points(made_at: datetime) -> None:
    made = render(PLACE, {"name": "borrower"}, made_at=made_at)
    assert made.places == (SignaturePlace("borrower", 1, 20, 10, 100, 50),)


def test_a_name_that_the_font_cannot_write_stops_the_document(made_at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        render(NOTICE, {"name": "李🙂"}, made_at=made_at)
    assert refusal.value.values["code"] == "U+1F642"


@pytest.mark.parametrize(
    "source",
    [
        HEAD + "#d.nothing",
        HEAD + '#read("/etc/hostname")',
        HEAD + '#read("../other.typ")',
        '#import "@preview/cetz:0.3.0"',
        '#set text(font: "No Such Song")\n甲',
        "#let x = (",
    ],
)
def test_a_template_with_a_fault_is_named(source: str, made_at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        render(Template("faulty", source), {"name": "甲"}, made_at=made_at)
    assert (refusal.value.key, refusal.value.values["template"]) == ("template-fails", "faulty")


@pytest.mark.parametrize("how", ['#import "@preview/a:1.0.0"', '#include("@local/b:1.0.0")'])
def test_a_template_never_asks_the_network_for_a_package(how: str, made_at: datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        render(Template("faulty", how), {}, made_at=made_at)
    assert refusal.value.values["reason"] == "a template imports no package"


def test_without_its_font_nothing_is_set(
    made_at: datetime, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Refused) as refusal:
        render(
            NOTICE, {"name": "甲"}, made_at=made_at, fonts=Fonts(tmp_path_factory.mktemp("none"))
        )
    assert refusal.value.key == "font-missing"


def test_a_float_is_no_data_for_a_document() -> None:
    with pytest.raises(TypeError):
        canonical_json({"rate": 4.35})  # type: ignore[dict-item]  # what the check is about


def test_canonical_json_does_not_depend_on_the_order_of_keys() -> None:
    assert (
        canonical_json({"b": 1, "a": "值"})
        == canonical_json({"a": "值", "b": 1})
        == '{"a":"值","b":1}'
    )


def test_typst_and_font_tools_stay_out_of_the_start() -> None:
    code = (
        "import sys, tenor_documents.public; "
        "sys.exit(bool({'typst', 'fontTools', 'fontTools.ttLib'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_clock_of_the_machine_is_not_asked() -> None:
    made = render(NOTICE, {"name": "甲"}, made_at=datetime(1999, 1, 1, tzinfo=UTC))
    assert b"D:1999" in made.content
