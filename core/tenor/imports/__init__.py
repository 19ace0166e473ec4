"""Taking files of records in: what columns mean, a dry run, chunks that are committed, rows that are refused."""

from tenor.imports.imports import Imports
from tenor.imports.journal import Entry

__all__ = ["Entry", "Imports"]
