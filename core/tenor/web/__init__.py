"""The pages: server-rendered from what plugins declare, over a running kernel."""

from tenor.web.app import create_app

__all__ = ["create_app"]
