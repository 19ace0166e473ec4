"""What every plugin promises, and that the tags and refusals that ship are called something."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import tenor_customer_tags
from tenor_customer_tags import public
from tenor_customer_tags.domain.rule_file import bundled_rules
from tenor_customer_tags.services import RULE_TAG_NAMES
from tenor_sdk.testing import PluginContract

BY_HAND = (
    "reason-missing", "end-date-missing", "ends-before-start", "already-ended", "lasts-too-long",
)  # fmt: skip


class TestCustomerTags(PluginContract):
    plugin = "customer_tags"


def test_others_may_import_what_is_listed_and_nothing_else() -> None:
    imported = {name for name in vars(public) if not name.startswith("_")}
    assert imported == set(public.__all__)


def test_every_tag_that_a_bundled_rule_gives_has_a_name() -> None:
    assert {rule.tag for rule in bundled_rules()} == set(RULE_TAG_NAMES)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_fault_of_a_tag_by_hand_has_its_sentence(language: str) -> None:
    path = Path(tenor_customer_tags.__file__).parent / "translations" / f"{language}.po"
    with path.open("rb") as file:
        known = {message.id: message.string for message in read_po(file)}
    assert [key for key in BY_HAND if not known.get(f"error:{key}")] == []
