"""The ledger of every change, and its seals."""

from tenor.audit.asking import Asked
from tenor.audit.audit import Audit, Entry
from tenor.audit.verdict import Finding, Verdict

__all__ = ["Asked", "Audit", "Entry", "Finding", "Verdict"]
