"""What other plugins may import; all else may change on Tuesday."""

from tenor_collections.events import CaseHandedOver
from tenor_collections.records import CollectionCase
from tenor_collections.services import follow
from tenor_collections.workflow import case_flow

__all__ = ["CaseHandedOver", "CollectionCase", "case_flow", "follow"]
