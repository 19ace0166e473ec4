"""Words: the plugin's catalogue, else the kernel's, else as they stand in the code."""

from datetime import date
from pathlib import Path

import pytest

from tenor.declarations import Declarations, Loaded
from tenor.i18n import Translator
from tenor_sdk.errors import Invalid, Refused
from tenor_sdk.i18n import Text, ngettext
from tenor_sdk.values import Amount, Money, Rate

ZH = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Note"
msgstr "便签"

msgid "{n} day late"
msgid_plural "{n} days late"
msgstr[0] "逾期 {n} 天"

msgid "Half done"
msgstr ""

#, fuzzy
msgid "Guessed"
msgstr "猜的"

msgid "error:limit-exceeded"
msgstr "超过额度 {limit}，申请 {asked}。"
"""
EN = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "error:limit-exceeded"
msgstr "The limit of {limit} is exceeded: {asked}."
"""


@pytest.fixture
def translator(tmp_path: Path) -> Translator:
    """With a plugin ``notes`` in two layouts of folders."""
    folder = tmp_path / "tenor_notes" / "translations"
    (folder / "zh_CN" / "LC_MESSAGES").mkdir(parents=True)
    (folder / "zh_CN" / "LC_MESSAGES" / "any.po").write_text(ZH, "utf-8")
    (folder / "en.po").write_text(EN, "utf-8")
    made = Translator()
    notes = Loaded("notes", "tenor_notes", "1", "Notes", (), str(folder.parent))
    made.load(Declarations(plugins=[notes]))
    return made


def text(message: str, **values: object) -> Text:
    return Text(message, values, module="tenor_notes.views")


def test_a_label_is_said_in_the_language_of_its_plugin(translator: Translator) -> None:
    assert translator.label("Note", "notes", "zh-CN") == "便签"
    assert translator.label("Note", "other", "zh-CN") == "Note"
    assert translator.label("Note", "notes", "en") == "Note"


@pytest.mark.parametrize("n", [0, 1, 2, 17])
def test_chinese_has_one_form_for_every_count(translator: Translator, n: int) -> None:
    late = Text("{n} day late", {"n": n}, "{n} days late", "tenor_notes.views")
    assert translator.text(late, "zh-CN") == f"逾期 {n} 天"
    assert translator.text(late, "en") == (f"{n} day late" if n == 1 else f"{n} days late")


def test_what_is_untranslated_or_guessed_stays_english(translator: Translator) -> None:
    assert translator.text(text("Half done"), "zh-CN") == "Half done"
    assert translator.text(text("Guessed"), "zh-CN") == "Guessed"


def test_values_are_written_as_a_person_reads_them(translator: Translator) -> None:
    said = translator.text(
        text(
            "{a} {b} {c} {d} {e}",
            a=Amount.of("20000000"),
            b=Money.of("-1234.5", "CNY"),
            c=Rate.percent("4.35"),
            d=date(2026, 6, 30),
            e=text("Note"),
        ),
        "zh-CN",
    )
    assert said == "20,000,000.00 -1,234.50 元 4.35% 2026-06-30 便签"


def test_money_in_a_sentence_has_the_unit_that_pages_say(translator: Translator) -> None:
    said = text("{a} {b}", a=Money.of("7", "CNY"), b=Money.of("7", "USD"))
    assert translator.text(said, "zh-CN") == "7.00 元 7.00 USD"
    assert translator.text(said, "en") == "7.00 CNY 7.00 USD"


@pytest.mark.parametrize(
    ("percent", "said"), [("4.35", "4.35%"), ("0.0525", "0.0525%"), ("-3", "-3.00%")]
)
def test_a_rate_is_said_exactly(translator: Translator, percent: str, said: str) -> None:
    assert translator.text(text("{r}", r=Rate.percent(percent)), "en") == said


def test_an_error_is_said_by_its_key_in_the_catalogue_of_its_plugin(translator: Translator) -> None:
    error = Refused("limit-exceeded", limit=Amount.of("5"), asked=Amount.of("6"))
    error.module = "tenor_notes.services"
    assert translator.error(error, "zh-CN") == "超过额度 5.00，申请 6.00。"
    assert translator.error(error, "en") == "The limit of 5.00 is exceeded: 6.00."


def test_an_error_in_no_catalogue_shows_key_and_values(translator: Translator) -> None:
    assert translator.error(Refused("odd", n=1), "zh-CN") == "odd (n=1)"


def test_a_plugins_error_that_the_kernel_knows_is_said_in_its_words(translator: Translator) -> None:
    error = Invalid("not-an-amount", value="x")
    error.module = "tenor_notes.services"
    assert translator.error(error, "zh-CN") == "“x”不是金额。"


def test_a_value_with_braces_is_no_place_to_fill(translator: Translator) -> None:
    assert translator.text(text("Note: {name}", name="{n}"), "zh-CN") == "Note: {n}"


def test_a_place_without_a_value_does_not_break_a_page(translator: Translator) -> None:
    assert translator.text(text("{a} and {b}", a=1), "en") == "{a} and {b}"


@pytest.mark.parametrize("place", ["{n.day}", "{n[0]}", "{n:%}", "{n[a]}"])
def test_a_place_that_asks_for_what_a_value_has_not_does_not_break_a_page(
    translator: Translator, place: str
) -> None:
    assert translator.text(Text(f"of {place}", {"n": None}), "en") == f"of {place}"


def test_counts_of_the_sdk_choose_the_plural() -> None:
    assert str(ngettext("{n} day", "{n} days", 1)) == "1 day"
    assert Translator().text(ngettext("{n} day", "{n} days", 3), "en") == "3 days"
