"""Signing in: passwords, sessions, tokens."""

from tenor.identity.identity import Identity

__all__ = ["Identity"]
