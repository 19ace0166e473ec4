"""A file becomes records by the rules of forms and API: what is right is taken in, what isn't comes back with why."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import func, select

from tenor.access.records import User
from tenor.access.rights import RoleBook
from tenor.audit.records import LedgerEntry
from tenor.imports.rejects import write_refused
from tenor.imports.run import CHUNK
from tenor.kernel import Kernel
from tenor.loader.stage import actor_of
from tenor_sdk import Amount, Conflict, Forbidden, Invalid, NotFound, Rate
from tenor_sdk.access import FieldRule, RowRule
from tenor_sdk.custom_fields import add_custom_field
from tenor_sdk.testing import make_user

from .conftest import LIN, Desk, as_csv, as_xlsx

pytestmark = pytest.mark.both_databases

RATIOS = Path(__file__).parent / "data" / "polish_ratios_excerpt.csv"
DAYS = (
    "[(cash + short-term securities + receivables - short-term liabilities) / "
    "(operating expenses - depreciation)] * 365"
)
EXCERPT = Path(__file__).parent / "data" / "sba_loans_excerpt.csv"
HEAD = ("Credit code", "Name", "Registered capital")
LOANS = {
    "LoanNr_ChkDgt": "number", "Name": "borrower", "NAICS": "industry", "ApprovalDate": "approved_on", "Term": "term",
    "NoEmp": "staff", "RevLineCr": "revolving", "ChgOffDate": "charged_off_on", "DisbursementDate": "disbursed_on",
    "DisbursementGross": "disbursed", "MIS_Status": "outcome", "ChgOffPrinGr": "charged_off",
}  # fmt: skip


def firms(count: int, *, bad: tuple[int, ...] = ()) -> bytes:
    """A file of firms; those with these numbers have a capital that is none."""
    rows = ((f"C{n}", f"Firm {n}", "none" if n in bad else f"{n}.50") for n in range(1, count + 1))
    return as_csv(HEAD, *rows)


def test_rows_become_records_and_each_bad_one_is_told_with_its_reason(desk: Desk) -> None:
    done = desk.take(
        "firm", as_csv(HEAD, ("A1", "Haiyue", "1,000.50"), ("A2", "", "7"), ("A3", "Bo", "much"), ("A4", "Lu", ""))
    )  # fmt: skip
    assert (done.state, done.rows, done.made, done.refused) == ("done", 4, 2, 2)
    assert desk.rows("firm", "code", "name", "capital", "number") == [
        ("A1", "Haiyue", Amount(100050), "FIRM-00001"),
        ("A4", "Lu", None, "FIRM-00002"),
    ]
    assert [reason.partition(":")[0] for reason in desk.refused(done).values()] == [
        "Name", "Registered capital",
    ]  # fmt: skip


def test_a_dry_run_says_what_would_become_of_a_file_and_leaves_nothing(desk: Desk) -> None:
    content = firms(5, bad=(2,))
    dry = desk.take("firm", content, dry=True)
    assert (dry.state, dry.made, dry.refused) == ("checked", 4, 1)
    assert desk.rows("firm", "code") == []
    done = desk.take("firm", content)
    assert (done.made, done.refused) == (4, 1)
    assert desk.rows("firm", "number")[0] == ("FIRM-00001",)


def test_a_row_that_is_known_again_changes_its_record_and_one_that_says_the_same_leaves_it(
    desk: Desk,
) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "One", "10"), ("A2", "Two", "20")))
    again = desk.take(
        "firm", as_csv(HEAD, ("A1", "One", "10"), ("A2", "Two and a half", "20"), ("A3", "Three", "30")),
        matched_by=["code"],
    )  # fmt: skip
    assert (again.made, again.changed, again.unchanged) == (1, 1, 1)
    assert desk.rows("firm", "name", "version") == [("One", 1), ("Two and a half", 2), ("Three", 1)]


def test_refused_rows_come_back_as_a_file_that_is_mended_and_imported_again(desk: Desk) -> None:
    first = desk.take("firm", as_csv(HEAD, ("A1", "=2+3", "10"), ("A2", "=cmd|' /C'!A0", "x")))
    out = io.BytesIO()
    with desk.kernel.context(actor_of(desk.kernel, LIN), write=False) as ctx:
        assert write_refused(ctx, first, out) == 1
    text = out.getvalue().decode("utf-8-sig")
    assert "\nA2,'=cmd|' /C'!A0,x," in text.replace("\r", "")
    mended = desk.take("firm", text.replace(",x,", ",7,", 1).encode(), name="file.refused.csv")
    assert (mended.made, mended.refused) == (1, 0)
    assert desk.rows("firm", "name") == [("=2+3",), ("=cmd|' /C'!A0",)]


def test_an_import_that_is_killed_goes_on_where_it_stopped_and_takes_nothing_twice(
    desk: Desk,
) -> None:
    class Killed(BaseException):
        """As a process that dies between two chunks."""

    def kill(_entry: Any) -> None:
        raise Killed

    content = firms(2 * CHUNK + 5, bad=(3, CHUNK + 7))
    with pytest.raises(Killed):
        desk.take("firm", content, told=kill)
    kernel, actor = desk.kernel, actor_of(desk.kernel, LIN)
    assert len(desk.rows("firm", "code")) == CHUNK - 1
    with kernel.context(actor, write=True) as ctx:
        (entry,) = kernel.imports.journal.mine(ctx, "stock.firm", 5)
        assert entry.reached == CHUNK + 1
        kernel.imports.resume(ctx, entry)
    done = kernel.imports.go(actor, entry.id, file=io.BytesIO(content))
    assert (done.state, done.made, done.refused) == ("done", 2 * CHUNK + 3, 2)
    assert len(set(desk.rows("firm", "code"))) == len(desk.rows("firm", "code")) == 2 * CHUNK + 3


def test_whoever_leaves_while_a_file_is_taken_in_takes_in_no_more_of_it(desk: Desk) -> None:
    def leave(_entry: Any) -> None:
        with desk.kernel.context(actor_of(desk.kernel, "ding.ning"), write=True) as ctx:
            ctx.session.scalars(select(User).where(User.login == LIN)).one().active = False

    stopped = desk.take("firm", firms(CHUNK + 5), told=leave)
    assert (stopped.state, stopped.made) == ("stopped", CHUNK)
    assert "left" in stopped.problem or "离" in stopped.problem


def test_an_import_that_stopped_half_way_is_resumed_and_does_not_begin_again(desk: Desk) -> None:
    kernel, actor = desk.kernel, actor_of(desk.kernel, LIN)

    def halt(entry: Any) -> None:
        with kernel.context(actor, write=True) as ctx:
            kernel.imports.stop(ctx, entry)

    content = firms(CHUNK + 5, bad=(3,))
    stopped = desk.take("firm", content, told=halt)
    assert stopped.reached == CHUNK + 1
    with kernel.context(actor, write=True) as ctx:
        for again in (False, True):
            with pytest.raises(Conflict, match="import-elsewhere"):
                kernel.imports.begin(ctx, stopped, dry=again)
        kernel.imports.resume(ctx, stopped)
    done = kernel.imports.go(actor, stopped.id, file=io.BytesIO(content))
    assert (done.made, list(desk.refused(done))) == (CHUNK + 4, [4])


def test_a_dry_run_that_stopped_is_nothing_to_go_on_from(desk: Desk) -> None:
    kernel, actor = desk.kernel, actor_of(desk.kernel, LIN)

    def halt(entry: Any) -> None:
        with kernel.context(actor, write=True) as ctx:
            kernel.imports.stop(ctx, entry)

    content = firms(CHUNK + 5)
    stopped = desk.take("firm", content, dry=True, told=halt)
    with kernel.context(actor, write=True) as ctx:
        assert kernel.imports.journal.unfinished(ctx, "stock.firm", stopped.sha256) is None
        with pytest.raises(Conflict, match="import-elsewhere"):
            kernel.imports.resume(ctx, stopped)
        kernel.imports.begin(ctx, stopped, dry=False)
    done = kernel.imports.go(actor, stopped.id, file=io.BytesIO(content))
    assert (done.state, done.made) == ("done", CHUNK + 5)


def test_of_two_who_take_in_the_same_import_one_does(desk: Desk) -> None:
    kernel, actor = desk.kernel, actor_of(desk.kernel, LIN)
    content = firms(2 * CHUNK)

    def other(entry: Any) -> None:
        if entry.reached == CHUNK + 1:
            kernel.imports.go(actor, entry.id, file=io.BytesIO(content))

    done = desk.take("firm", content, told=other)
    assert (done.state, done.rows, done.made) == ("done", 2 * CHUNK, 2 * CHUNK)


def test_of_fifty_thousand_rows_three_bad_ones_come_back(desk: Desk) -> None:
    done = desk.take("firm", firms(50_000, bad=(7, 25_000, 50_000)))
    assert (done.rows, done.made, done.refused) == (50_000, 49_997, 3)
    assert list(desk.refused(done)) == [8, 25_001, 50_001]


def test_what_only_the_database_finds_is_refused_alone(desk: Desk) -> None:
    desk.take("firm", as_csv(HEAD, ("A7", "Old", "1")))
    done = desk.take("firm", as_csv(HEAD, *((f"A{n}", f"New {n}", "1") for n in range(1, 11))))
    assert (done.made, list(desk.refused(done))) == (9, [8])


def test_each_chunk_is_on_record_and_who_imported_which_file(
    desk: Desk, institution: Kernel
) -> None:
    done = desk.take("firm", firms(3), matched_by=["code"])
    changed = as_csv(HEAD, ("C1", "Another name", "1.50"))
    desk.take("firm", changed, matched_by=["code"])
    table = LedgerEntry.__table__.c
    with institution.db.raw(write=False) as connection:
        where = select(table.kind, table.changes).order_by(table.id)
        entries = connection.execute(where.where(table.request_id.like("import-%"))).all()
        began = connection.scalars(select(table.changes).where(table.kind == "import")).first()
    assert [kind for kind, _changes in entries] == [
        "bulk-create",
        "import-done",
        "update",
        "import-done",
    ]
    assert entries[2].changes["name"] == ["Firm 1", "Another name"]
    assert began is not None
    assert began["sha256"] == [None, done.sha256]


def test_nobody_imports_what_they_could_not_enter(desk: Desk, institution: Kernel) -> None:
    make_user(institution, "guest")
    with pytest.raises(Forbidden):
        Desk(institution, "guest").take("firm", firms(1))
    for shut in ("secret_note", "number", "created_at", "version", "capital.minor"):
        with pytest.raises(Invalid) as refused:
            desk.take("firm", firms(1), mapping={"Name": shut})
        assert refused.value.key == "no-such-goal"


def not_hidden(desk: Desk) -> Any:
    """The rows that a restriction or a plugin's own condition leaves."""
    kind: Any = desk.kind("firm")
    return lambda _actor: kind.name != "hidden"


def restricted(desk: Desk) -> RoleBook:
    kind, book = desk.kind("firm"), desk.kernel.access.book
    return RoleBook(
        book.grants, {**book.rules, kind: [RowRule(record=kind, allows=not_hidden(desk))]}
    )


def conditional(desk: Desk) -> RoleBook:
    kind, book = desk.kind("firm"), desk.kernel.access.book
    grants = {
        role: tuple(
            replace(each, scope=not_hidden(desk)) if each.target is kind else each for each in given
        )
        for role, given in book.grants.items()
    }
    return RoleBook(grants, book.rules)


@pytest.mark.parametrize("ruled", [restricted, conditional])
def test_a_row_that_leads_out_of_reach_is_refused_and_the_others_are_taken(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ruled: Callable[[Desk], RoleBook]
) -> None:
    access = desk.kernel.access
    monkeypatch.setattr(access, "book", ruled(desk))
    monkeypatch.setattr(access, "_rights", {})
    done = desk.take(
        "firm", as_csv(HEAD, ("A1", "One", "1"), ("A2", "hidden", "2"), ("A3", "Two", "3"))
    )
    assert (done.made, list(desk.refused(done))) == (2, [3])
    assert desk.rows("firm", "name") == [("One",), ("Two",)]


def test_a_match_tells_nothing_of_what_is_masked(desk: Desk) -> None:
    done = desk.take(
        "firm", as_csv((*HEAD, "Phone"), ("A1", "One", "1", "13800000000")), matched_by=["phone"]
    )  # fmt: skip
    assert done.state == "stopped"
    assert done.made == 0


def test_a_dry_run_tells_nothing_of_what_is_masked(desk: Desk) -> None:
    head = ("Credit code", "Name", "Phone")
    desk.take("firm", as_csv(head, ("A1", "One", "13800000000")))
    told = {
        (dry.changed, dry.unchanged, dry.refused)
        for guess in ("13800000000", "13911111111")
        for dry in [
            desk.take("firm", as_csv(head, ("A1", "One", guess)), dry=True, matched_by=["code"])
        ]
    }
    assert told == {(1, 0, 0)}


def test_a_record_of_somebody_else_is_neither_matched_nor_changed(
    desk: Desk, institution: Kernel
) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "Lin's", "1")))
    make_user(institution, "wang", positions=[("relationship-manager", "HQ")])
    others = Desk(institution, "wang")
    done = others.take(
        "firm", as_csv(HEAD, ("A1", "Taken", "1"), ("A2", "Own", "1")), matched_by=["code"]
    )
    assert (done.made, done.changed, list(others.refused(done))) == (1, 0, [2])
    assert desk.rows("firm", "name") == [("Lin's",)]


def test_links_are_found_by_what_names_them_among_what_the_person_sees(
    desk: Desk, institution: Kernel
) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "One", "1"), ("A2", "Same", "1"), ("A3", "Same", "1")))
    make_user(institution, "wang", positions=[("relationship-manager", "HQ")])
    Desk(institution, "wang").take("firm", as_csv(HEAD, ("B1", "Wang's", "1")))
    rows = [("Firm", "Period", "Revenue"), *((name, str(n), "5") for n, name in enumerate(
        ("A1", "FIRM-00002", "One", "Same", "B1", "Wang's", "nobody")))]  # fmt: skip
    done = desk.take("figure", as_csv(*rows))
    assert (done.made, list(desk.refused(done))) == (3, [5, 6, 7, 8])
    assert [firm for (firm,) in desk.rows("figure", "firm_id")] == [1, 2, 1]
    by_key = desk.take(
        "figure",
        as_csv(("F", "Period", "Revenue"), ("A3", "9", "5")),
        mapping={"F": "firm_id.code"},
    )
    assert by_key.made == 1


def test_records_are_known_again_by_what_another_system_calls_them(desk: Desk) -> None:
    head = ("external_ids.core", *HEAD)
    desk.take("firm", as_csv(head, ("X-1", "A1", "One", "1"), ("X-2", "A2", "Two", "2")))
    again = desk.take(
        "firm", as_csv(head, ("X-2", "A2", "Two anew", "2"), ("X-3", "A3", "Three", "3"), ("X-1", "A1", "One", "1")),
        matched_by=["external_ids.core"],
    )  # fmt: skip
    assert (again.made, again.changed, again.unchanged) == (1, 1, 1)
    linked = as_csv(("Firm", "Period", "Revenue"), ("X-3", "2025", "1"))
    done = desk.take("figure", linked, mapping={"Firm": "firm_id.external_ids.core"})
    assert (done.made, desk.rows("figure", "firm_id")) == (1, [(3,)])


def test_a_period_that_stands_twice_in_a_file_is_taken_once_and_told(desk: Desk) -> None:
    desk.take("firm", as_csv(HEAD, ("A1", "One", "1")))
    rows = [
        ("Firm", "Period", "Revenue"),
        ("A1", "2024", "5"),
        ("A1", "2025", "6"),
        ("A1", "2024", "7"),
    ]
    done = desk.take("figure", as_csv(*rows), matched_by=["firm_id", "period"])
    assert (done.made, list(desk.refused(done))) == (2, [4])
    assert desk.rows("figure", "period", "revenue") == [
        ("2024", Amount(500)),
        ("2025", Amount(600)),
    ]


def test_a_state_begins_as_every_case_does_and_a_frozen_one_is_left_alone(desk: Desk) -> None:
    from tenor_stock import end

    from tenor_sdk.workflow import transition

    head = ("Subject", "State")
    done = desk.take("visit", as_csv(head, ("one", "over"), ("two", "over")))
    assert (done.made, desk.rows("visit", "state")) == (2, [("to-do",), ("to-do",)])
    with desk.kernel.context(actor_of(desk.kernel, LIN), write=True) as ctx:
        transition(ctx, ctx.session.get_one(desk.kind("visit"), 1), end)
    changed = desk.take(
        "visit", as_csv(("id", "Subject"), ("1", "changed"), ("2", "changed too")),
        mapping={"id": "id"}, matched_by=["id"],
    )  # fmt: skip
    assert (changed.changed, list(desk.refused(changed))) == (1, [2])
    named = desk.take(
        "visit", as_csv(("id", "external_ids.core"), ("1", "X-1"), ("2", "X-2")),
        mapping={"id": "id"}, matched_by=["id"],
    )  # fmt: skip
    assert (named.changed, list(desk.refused(named))) == (1, [2])


def test_an_institutions_own_field_that_is_frozen_in_a_state_is_left_alone(desk: Desk) -> None:
    kernel, visit = desk.kernel, cast("Any", desk.kind("visit"))
    with kernel.context(actor_of(kernel, "ding.ning"), write=True) as ctx:
        add_custom_field(ctx, visit, "remark", "text", "备注")
    desk.take("visit", as_csv(("Subject", "custom.remark"), ("one", "as agreed")))
    shut = FieldRule(fields=(visit.custom,), effect="freeze", in_states=("to-do",))
    kernel.access.field_rules.append(shut)
    kernel.access._field_effects.clear()
    again = desk.take(
        "visit", as_csv(("Subject", "custom.remark"), ("one", "otherwise")), matched_by=["subject"]
    )
    assert (again.changed, again.refused) == (0, 1)
    assert desk.rows("visit", "custom") == [({"remark": "as agreed"},)]


def test_the_mapping_is_remembered_for_a_file_with_the_same_columns(desk: Desk) -> None:
    content = as_csv(("Kod", "Nazwa"), ("A1", "One"))
    desk.take("firm", content, mapping={"Kod": "code", "Nazwa": "name"}, matched_by=["code"])
    again = desk.take("firm", content)
    assert (again.unchanged, again.match) == (1, ["code"])


def test_an_import_of_somebody_else_is_not_found(desk: Desk, institution: Kernel) -> None:
    done = desk.take("firm", firms(1))
    make_user(institution, "wang", positions=[("relationship-manager", "HQ")])
    with (
        institution.context(actor_of(institution, "wang"), write=False) as ctx,
        pytest.raises(NotFound),
    ):
        institution.imports.journal.get(ctx, done.id)


def test_an_import_that_is_over_does_not_begin_again(desk: Desk) -> None:
    done = desk.take("firm", firms(1))
    with (
        desk.kernel.context(actor_of(desk.kernel, LIN), write=True) as ctx,
        pytest.raises(Conflict),
    ):
        desk.kernel.imports.begin(ctx, done, dry=False)


def test_a_real_book_of_loans_is_taken_in_and_every_bad_row_reported(desk: Desk) -> None:
    done = desk.take("loan", EXCERPT.read_bytes(), mapping=LOANS, matched_by=["number"])
    assert (done.rows, done.made + done.refused) == (18, 18)
    refused = desk.refused(done)
    assert [reason.partition(":")[0] for reason in refused.values()] == [
        "NAICS", "NAICS", "NAICS", "RevLineCr", "RevLineCr", "Term", "NAICS", "NAICS",
    ]  # fmt: skip
    again = desk.take("loan", EXCERPT.read_bytes(), mapping=LOANS, matched_by=["number"])
    assert (again.made, again.changed, again.unchanged) == (0, 0, done.made)


def test_a_workbook_is_taken_in_as_a_csv_is(desk: Desk) -> None:
    done = desk.take(
        "firm",
        as_xlsx(HEAD, ("A1", "One", 1000.5), ("A2", "Two", "2,000"), (3, "Three", None)),
        name="firms.xlsx",
    )
    assert (done.made, done.refused) == (3, 0)
    assert desk.rows("firm", "code", "capital") == [
        ("A1", Amount(100050)), ("A2", Amount(200000)), ("3", None),
    ]  # fmt: skip


def test_the_owner_is_who_imports_unless_the_file_names_another(
    desk: Desk, institution: Kernel
) -> None:
    desk.take("firm", firms(1))
    with institution.db.raw(write=False) as connection:
        lin = connection.scalar(
            select(func.max(User.__table__.c.id)).where(User.__table__.c.login == LIN)
        )
    assert desk.rows("firm", "owner_id") == [(lin,)]


def test_ratios_of_real_companies_are_taken_in_to_the_last_digit_and_what_is_unknown_stays_empty(
    desk: Desk,
) -> None:
    mapping = {
        "net profit / total assets": "profitability",
        "total liabilities / total assets": "leverage",
        DAYS: "days",
    }
    done = desk.take("ratio", RATIOS.read_bytes(), name=RATIOS.name, mapping=mapping)
    assert (done.rows, done.made, done.refused) == (12, 12, 0)
    with RATIOS.open(newline="", encoding="utf-8") as file:
        expected = [
            tuple(Rate.of(row[column]) if row[column] else None for column in mapping)
            for row in csv.DictReader(file)
        ]
    assert desk.rows("ratio", *mapping.values()) == expected
    assert any(days is None for _profit, _debt, days in expected)


def test_rows_of_a_journal_come_through_their_plugin_and_not_from_a_file(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        desk.take("payment", as_csv(("Loan", "Amount"), ("1", "5.00")))
    assert refused.value.key == "not-importable"
    assert desk.rows("payment", "amount") == []
