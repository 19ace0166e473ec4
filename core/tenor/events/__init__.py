"""Typed events in the transaction, and hooks: what plugins tell each other, and what they compute together."""

from tenor.events.events import Events, Handler
from tenor.events.hooks import HookError
from tenor.events.timings import Timing, Timings

__all__ = ["Events", "Handler", "HookError", "Timing", "Timings"]
