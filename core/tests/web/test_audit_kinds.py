"""The page of the ledger can be asked for each act of which the kernel makes an entry, and names it in words."""

from __future__ import annotations

import re
from pathlib import Path

import tenor
from tenor.web.timeline import DONE

_NOTED = re.compile(r'\b_?note\(\s*(?:[\w.]+,\s*)"(?P<kind>[a-z]+(?:-[a-z]+)*)"')


def test_every_kind_of_entry_that_the_kernel_makes_has_words() -> None:
    sources = Path(tenor.__file__).parent.rglob("*.py")
    noted = {found["kind"] for path in sources for found in _NOTED.finditer(path.read_text())}
    assert "task-claimed" in noted
    assert noted - DONE.keys() == set()
