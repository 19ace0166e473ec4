"""Files: what is known of them, and where their bytes lie."""

from tenor.files.files import Files

__all__ = ["Files"]
