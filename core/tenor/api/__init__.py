"""REST from the declarations."""

from tenor.api.blueprint import api_blueprint

__all__ = ["api_blueprint"]
