"""The ``tenor`` command."""

from tenor.sweeping import rest, settle

rest()
try:
    from tenor.cli.main import main
finally:
    settle()

__all__ = ["main"]
