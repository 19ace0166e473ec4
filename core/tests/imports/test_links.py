"""Records that a file names, in whichever way it writes them."""

from __future__ import annotations

import pytest

from tenor.imports.links import Found, linked
from tenor_sdk.testing import as_actor

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases


def found(desk: Desk, by: str, *written: str) -> Found:
    with as_actor(desk.kernel, LIN, write=False) as ctx:
        return linked(ctx, desk.kind("vehicle"), by, written)  # type: ignore[arg-type]  # the kernel's own


def test_two_texts_of_one_number_name_one_record(desk: Desk) -> None:
    desk.take("vehicle", as_csv(("plate",), ("ZJ123",)))
    [(one,)] = desk.rows("vehicle", "id")
    assert found(desk, "id", f"{one}", f"0{one}").ids == {f"{one}": one, f"0{one}": one}


@pytest.mark.parametrize("by", ["plate", ""])
def test_a_record_is_named_in_whatever_form_its_name_comes(desk: Desk, by: str) -> None:
    desk.take("vehicle", as_csv(("plate",), ("ZJ123",)))
    [(one,)] = desk.rows("vehicle", "id")
    assert found(desk, by, "zj123", "ZJ123").ids == {"zj123": one, "ZJ123": one}
