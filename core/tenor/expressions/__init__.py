"""Expressions of staff: checked when they are written, asked within bounds, over what the person may read."""

from tenor.expressions.room import Expressions

__all__ = ["Expressions"]
