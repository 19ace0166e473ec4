"""What the pages say of a signing, step by step."""

from typing import Any

from plugins.documents.tests.cases import AUDITOR, MANAGER
from plugins.esign_ca.tests.cases import SEALER, SigningCast
from tenor_documents.public import Contract
from tenor_esign_ca import sheets
from tenor_esign_ca.public import Signing
from tenor_sdk.views import Cell, Facts, Table


def shown(cast: SigningCast, signing: int, sheet: Any, login: str = AUDITOR) -> Any:
    with cast.act(login, write=False) as ctx:
        return sheet(ctx, ctx.session.get(Signing, signing))


def words(cell: object) -> str:
    value = cell.value if isinstance(cell, Cell) else cell
    return "" if value is None else str(value)


def column(table: Table, place: int) -> list[str]:
    return [words(row[place]) for row in table.rows]


def test_the_signers_are_shown_with_who_and_when(cast: SigningCast) -> None:
    signing = cast.sent()
    assert column(shown(cast, signing, sheets.signers_table), 3) == ["Has the turn", "Not yet"]
    cast.confirm(signing, cast.mail_code(signing))
    assert column(shown(cast, signing, sheets.signers_table), 3) == ["Being made", "Not yet"]
    cast.jobs()
    table = shown(cast, signing, sheets.signers_table)
    assert column(table, 3) == ["Signed", "Has the turn"]
    assert column(table, 5) == ["林晓雯", ""]
    cast.seal(signing)
    cast.jobs()
    table = shown(cast, signing, sheets.signers_table)
    assert column(table, 2) == ["郭振东", "顾岩"]
    assert column(table, 5) == ["林晓雯", "高洁"]
    assert all(column(table, 6))


def test_while_a_code_is_out_its_tries_are_shown(cast: SigningCast) -> None:
    signing = cast.sent()
    assert shown(cast, signing, sheets.code_facts) is None
    code = cast.mail_code(signing)
    cast.confirm(signing, "000000" if code != "000000" else "000001")
    facts = shown(cast, signing, sheets.code_facts, MANAGER)
    assert [str(value) for _label, value, _kind in facts.rows[1:]] == ["1 of 5", "1 of 10"]
    cast.confirm(signing, code)
    cast.jobs()
    assert shown(cast, signing, sheets.code_facts) is None


def test_a_signed_contract_shows_certificates_evidence_and_the_last_look(
    cast: SigningCast,
) -> None:
    signing = cast.completed()
    assert column(shown(cast, signing, sheets.certificates_table), 3) == ["PAdES B-T"] * 2
    evidence = shown(cast, signing, sheets.evidence_table)
    assert column(evidence, 2)[0] == "Envelope prepared"
    assert column(evidence, 2)[-1] == "All have signed"
    assert column(evidence, 0) == [str(place) for place in range(1, 11)]
    assert words(shown(cast, signing, sheets.provider_facts).rows[0][1]) == (
        "Certificates of the institution's own"
    )
    assert shown(cast, signing, sheets.verdict_sheet).rows == []
    cast.verify(signing)
    facts, checks = shown(cast, signing, sheets.verdict_sheet)
    assert isinstance(facts, Facts)
    assert words(facts.rows[0][1]) == "Holds"
    assert column(checks, 4) == ["Holds", "Holds"]


def test_the_page_of_the_contract_shows_its_signing(cast: SigningCast) -> None:
    contract = cast.issued(cast.approved())
    with cast.act(MANAGER, write=False) as ctx:
        assert sheets.on_contract(ctx, ctx.session.get(Contract, contract)) is None
    signing = cast.send(contract)
    cast.jobs()
    with cast.act(MANAGER, write=False) as ctx:
        found = sheets.on_contract(ctx, ctx.session.get(Contract, contract))
    assert found is not None
    facts = found[0]
    assert isinstance(facts, Facts)
    link = facts.rows[0][1]
    assert isinstance(link, Cell)
    assert (words(link), link.href) == ("SG-2026-000001", f"/esign_ca/signing/{signing}")


def test_why_a_signing_is_in_question_stands_on_its_page(cast: SigningCast) -> None:
    signing = cast.sent()
    cast.borrower_signs(signing)
    assert shown(cast, signing, sheets.trouble) is None
    cast.stored(cast.signing(signing).signatures[0].sha256).unlink()
    cast.seal(signing, SEALER)
    cast.jobs()
    said = shown(cast, signing, sheets.trouble).rows[0][1]
    assert said.tone == "adverse"
    kernel: Any = cast.institution
    assert kernel.translator.text(said.value, "zh-CN").startswith("文件")
