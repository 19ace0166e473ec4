"""What other plugins may import; all else may change on Tuesday."""

from tenor_customer_tags.domain.rules import Fact
from tenor_customer_tags.events import TagsChanged
from tenor_customer_tags.hooks import customer_facts
from tenor_customer_tags.records import CustomerTag, CustomerTags, Tag
from tenor_customer_tags.services import GivenTag, give_tag, held_tags, judge_tags

__all__ = [
    "CustomerTag",
    "CustomerTags",
    "Fact",
    "GivenTag",
    "Tag",
    "TagsChanged",
    "customer_facts",
    "give_tag",
    "held_tags",
    "judge_tags",
]
