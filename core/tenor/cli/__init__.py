"""The ``tenor`` command."""

from tenor.sweeping import settle, unswept

with unswept():
    from tenor.cli.main import main
settle()

__all__ = ["main"]
