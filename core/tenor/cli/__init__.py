"""The ``tenor`` command."""

import gc

# what is imported stays for as long as the process does: to look for garbage among it is a tenth of each start
gc.disable()
try:
    from tenor.cli.main import main
finally:
    gc.freeze()
    gc.enable()

__all__ = ["main"]
