"""What every plugin promises, and that the words of the model are translated."""

from pathlib import Path

from babel.messages.pofile import read_po

import tenor_credit
from tenor_credit import public
from tenor_credit.domain.models import bundled_scorecards
from tenor_sdk.testing import PluginContract


class TestCredit(PluginContract):
    plugin = "credit"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)


def test_factors_and_classes_are_called_in_chinese_what_the_model_calls_them() -> None:
    path = Path(tenor_credit.__file__).parent / "translations" / "zh_CN.po"
    with path.open("rb") as file:
        known = {message.id: message.string for message in read_po(file)}
    for card in bundled_scorecards().values():
        called = {factor.en: factor.zh for factor in card.factors}
        called |= {one.en: one.zh for factor in card.factors for one in factor.classes}
        assert {name: known.get(name) for name in called} == called
        assert known.get(card.en) == card.zh
