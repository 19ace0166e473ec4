"""The reference page of a plugin, made of what it declares: ``tenor plugin docs``. In English, as docstrings are."""

from tenor.cli.reference.page import page

__all__ = ["page"]
