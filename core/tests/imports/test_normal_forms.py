"""Texts that have one form in which they are stored, whichever way they come: by a form, by a file, set by set."""

from __future__ import annotations

from typing import Any

import pytest

from tenor.loader.stage import actor_of
from tenor_sdk.bulk import load, update_where

from .conftest import LIN, Desk, as_csv

pytestmark = pytest.mark.both_databases


def test_a_file_brings_a_text_to_its_form_before_it_is_checked(desk: Desk) -> None:
    done = desk.take("vehicle", as_csv(("plate", "make"), ("zj123", "Geely"), ("zj-1", "Geely")))
    assert desk.rows("vehicle", "plate") == [("ZJ123",)]
    assert list(desk.refused(done)) == [3]


def test_a_row_is_known_again_in_whatever_form_it_comes(desk: Desk) -> None:
    desk.take("vehicle", as_csv(("plate", "make"), ("ZJ123", "Geely")))
    done = desk.take("vehicle", as_csv(("plate", "make"), ("zj123", "BYD")), matched_by=["plate"])
    assert (done.made, done.changed) == (0, 1)
    assert desk.rows("vehicle", "plate", "make") == [("ZJ123", "BYD")]


def test_whoever_sets_it_it_is_in_its_form(desk: Desk) -> None:
    vehicle: Any = desk.kind("vehicle")
    ctx: Any
    with desk.kernel.context(actor_of(desk.kernel, LIN), write=True) as ctx:
        ctx.session.add(vehicle(plate="zj1"))
        ctx.session.flush()
        made = desk.kernel.records.create(ctx, vehicle, {"plate": "zj2"})
        with ctx.procedure(ctx, "stock", "take-over"):
            load(ctx, vehicle, [{"plate": "zj3"}])
            update_where(ctx, vehicle, vehicle.id == made.id, {"plate": "zj4"})
    assert sorted(desk.rows("vehicle", "plate")) == [("ZJ1",), ("ZJ3",), ("ZJ4",)]


def test_a_class_that_checks_itself_does_so_for_rows_of_files_too(desk: Desk) -> None:
    desk.take("vessel", as_csv(("name",), ("haiyue",)))
    assert desk.rows("vessel", "name") == [("HAIYUE",)]
