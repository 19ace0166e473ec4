"""Engines, guarded sessions, change capture."""

from tenor.db.database import Database
from tenor.db.errors import Unguarded
from tenor.db.session import GuardedSession

__all__ = ["Database", "GuardedSession", "Unguarded"]
