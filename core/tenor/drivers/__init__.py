"""Exchangeable outside services: which driver of a kind is chosen, and one of it, for whoever uses it."""

from tenor.drivers.drivers import Drivers

__all__ = ["Drivers"]
