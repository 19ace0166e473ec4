"""What every plugin promises, and that what staff choose from is translated."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import tenor_origination
from tenor_origination import public
from tenor_origination.checklist import KINDS, Product
from tenor_origination.records import Repayment, View
from tenor_sdk.testing import PluginContract


class TestOrigination(PluginContract):
    plugin = "origination"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)


@pytest.mark.parametrize("choices", [Product, Repayment, View])
def test_every_choice_is_called_something_in_chinese(
    choices: type[Product] | type[Repayment] | type[View],
) -> None:
    path = Path(tenor_origination.__file__).parent / "translations" / "zh_CN.po"
    with path.open("rb") as file:
        known = {message.id: message.string for message in read_po(file)}
    said = [member.value.replace("-", " ").capitalize() for member in choices]
    assert [
        label for label in (*said, *(kind.title for kind in KINDS)) if not known.get(label)
    ] == []
