"""The ``tenor`` command."""

from tenor.cli.main import main

__all__ = ["main"]
