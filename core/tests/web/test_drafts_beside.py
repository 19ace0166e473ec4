"""Drafts beside each other: of two tabs, of two presses at once, of another record, of one whose values are erased."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from core.tests.web.test_drafts import AGAIN, EDIT, LIN, NEW, end, lose
from tenor.kernel import Kernel
from tenor.testing.browsing import Person
from tenor_test_support.erasing import decided_unseen, let_two_erase

pytestmark = pytest.mark.both_databases
Browser = Callable[[str], Person]
AT_ONCE = 4


def test_two_tabs_of_one_form_are_both_kept(person: Browser, institution: Kernel) -> None:
    lin = person(LIN)
    first, second = lin.form(NEW), lin.form(NEW)
    end(institution, lin)
    lin.send(NEW, {**first, "name": "customer A"})
    lin.send(NEW, {**second, "name": "customer B"})
    again = person(LIN)
    form = again.form(NEW)
    assert form["name"] == "customer B"
    again.send(NEW, {**form, "kind": "papers"})
    assert again.form(NEW)["name"] == "customer A"


def test_a_form_that_began_with_a_draft_is_kept_in_its_place(
    person: Browser, institution: Kernel
) -> None:
    lose(institution, person(LIN), NEW, name="first")
    lose(institution, person(LIN), NEW, name="second")
    with institution.db.raw(write=False) as connection:
        assert connection.execute(text("select count(*) from base_draft")).scalar() == 1
    assert person(LIN).form(NEW)["name"] == "second"


def test_kept_twice_at_once_it_is_kept(institution: Kernel) -> None:
    together = Barrier(AT_ONCE)

    def keep(number: int) -> None:
        together.wait(30)
        institution.identity.drafts.keep(2, NEW, [("name", f"{number}")])

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _round in range(5):
            for done in [threads.submit(keep, number) for number in range(AT_ONCE)]:
                done.result(60)
    with institution.db.raw(write=False) as connection:
        assert connection.execute(text("select count(*) from base_draft")).scalar() == 1


def test_what_is_begun_for_another_record_isnt_the_draft(
    person: Browser, institution: Kernel, box: Any
) -> None:
    one, two = box(name="box one"), box(name="box two")
    path = "/vault/opening/new"
    lin = person(LIN)
    form = lin.form(f"{path}?box_id={one}", path)
    end(institution, lin)
    lin.send(path, {**form, "reason": "typed"})
    again = person(LIN)
    assert Person.read(again.get(f"{path}?box_id={two}"), path)["box_id"] == str(two)
    assert AGAIN in again.get(f"{path}?box_id={one}")


def test_an_erasure_takes_what_was_typed_into_a_form_of_the_record(
    person: Browser, institution: Kernel, box: Any
) -> None:
    let_two_erase(institution)
    box(remark="欧阳锦瑟住在\n杭州市西湖区文三路")
    box(remark="another")
    lin = person(LIN)
    lose(institution, lin, EDIT, name="another", remark="something else")
    lose(institution, person(LIN), EDIT.replace("1", "2"), name="of the second")
    decided_unseen(institution, "vault_box", 1, "remark")
    with institution.db.raw(write=False) as connection:
        kept = connection.execute(text("select path from base_draft")).scalars().all()
    assert len(kept) == 1
    assert kept[0].startswith(EDIT.replace("1", "2"))


def test_what_is_too_long_to_be_kept_is_said_so(person: Browser, institution: Kernel) -> None:
    lin = person(LIN)
    form = lin.form(NEW)
    end(institution, lin)
    lost = lin.send(NEW, {**form, "name": "x", "remark": "很长" * 120_000}, 422)
    assert "未能保留" in lost.text


@pytest.mark.parametrize("word", [{"_once": "a\0b"}, {"_draft": f"{NEW}#a\0b"}])
def test_a_word_with_signs_that_no_word_has_costs_nothing(
    person: Browser, institution: Kernel, word: dict[str, str]
) -> None:
    lost = lose(institution, person(LIN), NEW, name="typed", **word)
    assert "kept=1" in lost.headers["Location"]
    again = person(LIN)
    assert again.form(NEW)["name"] == "typed"
    drop = again.form(NEW, "/drafts/drop")
    again.send("/drafts/drop", {**drop, "key": f"{NEW}#a\0b"})
    again.send("/drafts/drop", again.form(NEW, "/drafts/drop"))
    assert AGAIN not in again.get(NEW)
