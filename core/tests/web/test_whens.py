"""Fields that go by what stands in others: on pages and in forms without script, over the API, in files and at once."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask import Flask

from core.tests.web.lending import LIN, LIST, NEW, lending, loans
from core.tests.web.test_api import Program, program
from core.tests.web.test_bulk import go_on, post
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk.testing import as_actor, make_user

__all__ = ["lending", "program"]
LARGE = {"name": "ten years", "kind": "fixed", "amount": "2,000,000"}


@pytest.fixture(scope="module")
def plugins(lending: str) -> tuple[str, ...]:
    return (lending,)


@pytest.fixture
def lin(person: Any) -> Any:
    return person(LIN)


def given(kernel: Kernel, **values: Any) -> int:
    """A loan that Lin Xiaowen made over the API."""
    from tenor_lending import Loan

    ctx: Any
    with as_actor(kernel, LIN) as ctx:
        return kernel.records.create(ctx, Loan, {"name": "a loan", **values}).id


def field(html: str, name: str) -> str:
    """What of a form is about a field."""
    part = rf'<(?:div|fieldset) class="t-field[^"]*" data-part="{name}".*?(?=data-part|</section>)'
    found = re.search(part, html, re.DOTALL)
    return found[0] if found else ""


# -- forms ------------------------------------------------------------------------------------------------------------


def test_a_form_is_shown_again_with_what_it_asks_for_now(lin: Any, institution: Kernel) -> None:
    empty = lin.get(NEW)
    assert 'value="amount" formnovalidate' in field(empty, "amount")
    assert (field(empty, "rate"), field(empty, "reason")) == ("", "")
    again = lin.send(NEW, {**lin.form(NEW), **LARGE, "_show": "amount"}, 200).text
    assert "required" in field(again, "rate")
    assert 'name="base"' not in again
    assert "LPR" in field(again, "base")
    assert re.search(r'id="f-amount"[^>]* autofocus', again)
    shown = lin.read(again, NEW)
    assert (shown["name"], shown["amount"]) == (LARGE["name"], LARGE["amount"])
    lin.send(NEW, {**shown, "rate": "4.35"})
    (made,) = loans(institution)
    assert (made.rate.percent_text(), made.base) == ("4.35", "LPR")
    page = lin.get(f"{LIST}/{made.id}")
    assert "4.35" in page


def test_what_cant_be_read_isnt_known_and_gets_its_usual_word_on_saving(lin: Any) -> None:
    typed = {**lin.form(NEW), **LARGE, "amount": "two million"}
    assert field(lin.send(NEW, {**typed, "_show": "amount"}, 200).text, "rate") == ""
    refused = lin.send(NEW, typed, 422).text
    assert "is-wrong" in field(refused, "amount")


def test_what_is_refused_stands_at_its_field_which_is_shown(lin: Any, institution: Kernel) -> None:
    refused = lin.send(NEW, {**lin.form(NEW), **LARGE, "urgent": "1", "base": "SHIBOR"}, 422).text
    assert "此项必填" in field(refused, "rate")
    assert "此项必填" in field(refused, "reason")
    assert "此项不可修改" in field(refused, "base")
    assert "LPR" in field(refused, "base")
    lin.send(NEW, {**lin.read(refused, NEW), "rate": "4", "reason": "waits"})
    assert [one.base for one in loans(institution)] == ["LPR"]


def test_a_page_has_a_field_only_while_its_condition_holds(lin: Any, institution: Kernel) -> None:
    one = given(institution, kind="fixed", amount="2000000.00", rate="0.0435")
    sheets = lin.get(f"{LIST}/{one}").partition("时间线")[0]
    assert "Fixed rate" in sheets
    edit = f"{LIST}/{one}/edit"
    lin.send(edit, {**lin.form(edit), "kind": "floating"})
    sheets = lin.get(f"{LIST}/{one}").partition("时间线")[0]
    assert "Fixed rate" not in sheets
    assert [one.rate.percent_text() for one in loans(institution)] == ["4.35"]


def test_who_may_not_read_a_field_learns_no_value_of_it(person: Any, institution: Kernel) -> None:
    """Its truth is the author's to use; what stands there isn't on the page, and what is sent for it doesn't count."""
    make_user(institution, "the.clerk", roles=["lending.lending-clerk"])
    one = given(institution, amount="5.00", ceiling="8765.43", account="6222020200011")
    clerk, edit = person("the.clerk"), f"{LIST}/{one}/edit"
    page = clerk.get(edit)
    assert "8,765.43" not in page
    assert field(page, "ceiling") == ""
    sent = {**clerk.form(edit), "ceiling": "1", "_show": "amount"}
    assert field(clerk.send(edit, sent, 200).text, "remark") == ""
    shown = clerk.send(edit, {**sent, "amount": "9,000"}, 200).text
    assert "remark" in field(shown, "remark")
    assert "8,765.43" not in shown
    assert "6222020200011" not in shown
    assert 'name="account"' not in shown


# -- lines ------------------------------------------------------------------------------------------------------------


def cell(html: str, name: str) -> str:
    """What of a table of lines is about a field of a row."""
    found = re.search(rf'<td [^>]*data-part="{name}".*?</td>', html, re.DOTALL)
    return found[0] if found else ""


def test_a_table_of_lines_asks_row_by_row(lin: Any, institution: Kernel) -> None:
    empty = lin.get(NEW)
    assert 'value="steps-0-done" formnovalidate' in cell(empty, "steps-0-done")
    assert "<input" not in cell(empty, "steps-0-cost")
    assert 'name="steps-0-place"' in cell(empty, "steps-0-place")
    typed = {**lin.form(NEW), "name": "a loan", "steps-count": "2", "steps-0-what": "look"}
    sent = {**typed, "steps-1-what": "sign", "steps-1-done": "1", "_show": "steps-1-done"}
    again = lin.send(NEW, sent, 200).text
    assert "is-needed" in cell(again, "steps-1-proof")
    assert 'name="steps-1-cost"' in cell(again, "steps-1-cost")
    assert "t-fixed" in cell(again, "steps-1-place")
    assert 'name="steps-1-place"' not in again
    assert " required" not in cell(again, "steps-0-proof")
    assert "<input" not in cell(again, "steps-0-cost")
    shown = lin.read(again, NEW)
    refused = lin.send(NEW, shown, 422).text
    assert "此项必填" in cell(refused, "steps-1-proof")
    done = {**lin.read(refused, NEW), "steps-1-proof": "a paper", "steps-1-cost": "7"}
    lin.send(NEW, done)
    edit = f"{LIST}/1/edit"
    assert "branch" in cell(lin.get(edit), "steps-1-place")
    page = lin.get(f"{LIST}/1")
    assert "7.00" in page
    lin.send(edit, {**lin.form(edit), "steps-1-done": ""})
    page = lin.get(f"{LIST}/1")
    assert "7.00" not in page
    assert "a paper" in page
    assert "<input" not in cell(lin.get(edit), "steps-1-cost")


def test_a_line_that_isnt_shown_whole_isnt_taken_for_changed(lin: Any) -> None:
    """Where two change a record, a cell that its row doesn't have says nothing of the line."""
    done = {"steps-0-what": "sign", "steps-0-done": "1", "_show": "steps-0-done"}
    shown = lin.send(NEW, {**lin.form(NEW), "name": "a loan", **done}, 200).text
    lin.send(NEW, {**lin.read(shown, NEW), "steps-0-proof": "x", "steps-0-cost": "7"})
    edit = f"{LIST}/1/edit"
    first = lin.form(edit)
    lin.send(edit, {**lin.form(edit), "steps-0-done": ""})
    second, third = lin.form(edit), lin.form(edit)
    lin.send(edit, {**second, "name": "another name"})
    conflict = lin.send(edit, {**third, "name": "a third name"}, 409).text
    assert "choose-steps[]" not in conflict
    assert "choose-steps[]" in lin.send(edit, {**first, "name": "a third name"}, 409).text


# -- other doors ------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("language", "required", "fixed"),
    [("en", "This is needed.", "this can’t be changed"), ("zh-CN", "此项必填。", "此项不可修改")],
)
def test_the_api_refuses_by_field_in_the_persons_language(
    program: Any, language: str, required: str, fixed: str
) -> None:
    lin: Program = program(LIN)
    large = {"name": "x", "kind": "fixed", "amount": "2000000.00"}
    refused = lin("POST", LIST, {**large, "base": "SHIBOR"}, Accept_Language=language)
    assert refused.status_code == 422
    errors = refused.json["errors"]
    assert {name: one["key"] for name, one in errors.items()} == {"rate": "required", "base": "fixed-now"}  # fmt: skip
    assert required in str(errors["rate"])
    assert fixed in str(errors["base"])
    made = lin("POST", LIST, {**large, "rate": "0.04"})
    assert made.status_code == 201
    path = f"{LIST}/{made.json['id']}"
    refused = lin("PATCH", path, {"rate": None}, If_Match=made.headers["ETag"])
    assert refused.json["errors"]["rate"]["key"] == "required"


def test_the_description_of_the_api_says_the_condition(program: Any) -> None:
    schemas = program(LIN)("GET", "/openapi.json").json["components"]["schemas"]
    of_new = schemas["lending.Loan.Given"]["properties"]
    assert (
        'required while `kind == "fixed" && amount > money("1000000", "CNY")`'
        in of_new["rate"]["description"]
    )
    assert "read-only while `" in of_new["base"]["description"]
    assert "description" not in of_new["name"]


@pytest.mark.both_databases
def test_a_file_is_refused_row_by_row(institution: Kernel) -> None:
    from tenor_lending import Loan

    given(institution, name="there", kind="fixed", amount="2000000.00", rate="0.04")
    rows = ["name,kind,amount,base", "a,fixed,2000000.00,", "b,floating,2000000.00,SHIBOR",
            "there,fixed,2000000.00,SHIBOR", "c,fixed,5.00,SHIBOR"]  # fmt: skip
    actor, file = actor_of(institution, LIN), io.BytesIO("\n".join(rows).encode())
    with institution.context(actor, write=True) as ctx:
        entry = institution.imports.propose(ctx, Loan, "loans.csv", file, matched_by=["name"])
        institution.imports.begin(ctx, entry, dry=False)
    entry = institution.imports.go(actor, entry.id, file=file)
    with institution.db.raw(write=False) as connection:
        found = institution.imports.journal.refused(connection, entry.id)
        reasons = {row.row: row.reasons for row in found}
    assert sorted(reasons) == [2, 4]
    assert "required" in str(reasons[2]) or "必填" in str(reasons[2])
    assert "fixed-now" in str(reasons[4]) or "不可修改" in str(reasons[4])
    assert sorted(one.name for one in loans(institution)) == ["b", "c", "there"]


@pytest.mark.both_databases
def test_of_many_changed_at_once_those_are_refused_that_would_lack_something(
    lin: Any, institution: Kernel
) -> None:
    ids = [given(institution, amount="2000000.00"), given(institution, amount="5.00")]
    path = f"{LIST}/bulk/field"
    preview = post(lin, path, ids=ids, _field="kind", kind="fixed")
    assert "此项必填" in preview
    go_on(lin, preview, path)
    assert [one.kind.value for one in loans(institution)] == ["floating", "fixed"]


def test_a_form_costs_no_statement_more(
    lin: Any, institution: Kernel, statements: list[str], app: Flask
) -> None:
    one, edit = given(institution, amount="5.00"), f"{LIST}/1/edit"
    assert one == 1

    def asked() -> int:
        lin.get(edit)
        statements.clear()
        lin.get(edit)
        return len(statements)

    plain = asked()
    from tenor_lending import Loan

    ctx: Any
    with as_actor(institution, LIN) as ctx:
        loan = ctx.session.get_one(Loan, 1)
        institution.records.update(ctx, loan, {"kind": "fixed", "amount": "2000000.00", "rate": "0.04"})  # fmt: skip
    assert asked() == plain
