"""Actors, grants, restrictions, procedures, and the judge of every write."""

from tenor.access.access import Access
from tenor.access.actors import ActorData
from tenor.access.bulk import Bulk

__all__ = ["Access", "ActorData", "Bulk"]
