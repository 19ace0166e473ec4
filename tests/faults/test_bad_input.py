"""What people enter wrongly: each is told what is wrong in their language, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

import pytest
from openpyxl import Workbook

from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_origination.demo import demo_pdf
from tests.journeys.people import Answer, file_of
from tests.journeys.steps import APPLICATION, CUSTOMER, MANAGER, Cast, at, serial
from tests.security.browsing import Browser

STATEMENTS: Final = "/customers/financial-statement"
HEAD: Final = ("年度", "资产总计", "负债合计", "所有者权益合计", "营业收入", "净利润")
YEAR: Final = ("2025-12-31", 100, 60, 40, 80, 5)
Words = dict[str, str]


def book(*rows: Sequence[object], about: str = "单位：万元") -> bytes:
    """A workbook of one sheet."""
    made, raw = Workbook(), BytesIO()
    assert made.active is not None
    for row in ([about], *rows):
        made.active.append(list(row))
    made.save(raw)
    return raw.getvalue()


#: what is wrong: the file's name, its content, the key, and what is said of it
FILES: Final = {
    "unbalanced": (
        "a.xlsx", book(HEAD, ("2025-12-31", 100, 60, 39, 80, 5)), "statement-unbalanced",
        {
            "zh-CN": "资产 100 ≠ 负债+权益 99，差 1 万元。",
            "en": "Assets 100 ≠ liabilities and equity 99: a difference of 1 ten thousand yuan.",
        },
    ),
    "without a column": (
        "a.xlsx", book((*HEAD[:3], *HEAD[4:]), (*YEAR[:3], *YEAR[4:])), "column-missing",
        {"zh-CN": "缺少一列：所有者权益合计。", "en": "A column is missing: Total equity."},
    ),
    "with a column twice": (
        "a.xlsx", book((*HEAD, "资产总计"), (*YEAR, 1)), "column-repeated",
        {"zh-CN": "资产总计重复出现在多列：B、G。", "en": "Total assets has several columns: B, G."},
    ),
    "a PDF by another name": (
        "a.xlsx", demo_pdf("no workbook"), "file-is-not-what-it-says",
        {
            "zh-CN": "“a.xlsx”与其扩展名不符：按内容是 pdf。",
            "en": "“a.xlsx” isn't what its name says: by its content it is pdf.",
        },
    ),
    "with three decimals": (
        "a.xlsx", book(HEAD, ("2025-12-31", "100.001", "60.001", 40, 80, 5), about="单位：元"), "number-too-precise",
        {
            "zh-CN": "资产总计：“100.001”超过该币种的 2 位小数。",
            "en": "Total assets: “100.001” is finer than the currency's 2 decimals.",
        },
    ),
}  # fmt: skip


def in_words(cast: Cast, path: str, body: Any, field: str, key: str, words: Words) -> None:
    """A refusal of one field, said in each language."""
    for language, said in words.items():
        answer: Answer = cast[MANAGER].refused("POST", path, body, Accept_Language=language)
        assert answer.status == 422
        assert answer.errors() == {field: key}
        assert answer.json["errors"][field]["detail"] == said


def test_a_wrong_check_digit_is_named_with_the_right_one(cast: Cast) -> None:
    right = demo_uscc(serial())
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    in_words(
        cast, CUSTOMER, {"name": "某某有限公司", "credit_code": wrong}, "credit_code", "uscc-check-digit",
        {
            "zh-CN": f"校验码错误：末位为 {wrong[-1]}，按 GB 32100-2015 应为 {right[-1]}。",
            "en": f"The check digit is wrong: the last character is {wrong[-1]}, "
            f"by GB 32100-2015 it must be {right[-1]}.",
        },
    )  # fmt: skip
    for code in (wrong, right):
        assert cast[MANAGER].get(CUSTOMER, credit_code=code)["count"] == 0


@pytest.mark.parametrize("wrong", FILES)
def test_a_statement_is_refused_in_words_and_nothing_of_it_is_kept(cast: Cast, wrong: str) -> None:
    name, content, key, words = FILES[wrong]
    customer = cast.customer()
    path = f"{at(CUSTOMER, customer)}/actions/import-statements"
    given = {"file": file_of(name, content), "audited": True}
    in_words(cast, path, given, "file", key, words)
    assert cast[MANAGER].get(STATEMENTS, parent_id=customer["id"])["count"] == 0
    assert cast.statements(customer) == "已录入 3 期，0 期无变化，0 期未导入"


def test_of_three_years_the_one_that_does_not_balance_stays_out(cast: Cast) -> None:
    customer = cast.customer()
    said = cast.statements(customer, zeyuan_workbook(balanced=False))
    assert said == "已录入 2 期，0 期无变化，1 期未导入"
    assert cast.statements(customer) == "已录入 1 期，2 期无变化，0 期未导入"


def test_a_document_that_is_not_what_its_name_says_leaves_no_trace(cast: Cast) -> None:
    application = cast.application(cast.customer())
    path = f"{at(APPLICATION, application)}/actions/bring-document"
    given = {"kind": "business-licence", "file": file_of("执照.pdf", b"\x89PNG\r\n\x1a\n....")}
    in_words(
        cast, path, given, "file", "not-what-its-name-says",
        {
            "zh-CN": "“执照.pdf”与其扩展名不符：按内容是 image/png。",
            "en": "“执照.pdf” isn't what its name says: by its content it is image/png.",
        },
    )  # fmt: skip
    assert cast.bring(application, "business-licence").startswith("营业执照")


@pytest.mark.parametrize(
    ("field", "given", "key", "words"),
    [
        (
            "amount", "20000000.001", "too-many-decimals",
            {
                "zh-CN": "“20000000.001”的小数位过多：CNY最多 2 位。",
                "en": "“20000000.001” has too many decimals; CNY has 2.",
            },
        ),
        ("amount", "-1", "too-small", {"zh-CN": "不能小于 0.01。", "en": "At least 0.01."}),
        ("rate", "-0.0001", "too-small", {"zh-CN": "不能小于 0.00%。", "en": "At least 0.00%."}),
    ],
)  # fmt: skip
def test_an_application_with_a_figure_that_cannot_be_is_not_made(
    cast: Cast, field: str, given: str, key: str, words: Words
) -> None:
    customer = cast.customer()
    terms = {"amount": "20000000", "months": 36, "rate": "0.0435", "purpose": "采购", field: given}
    in_words(cast, APPLICATION, {"customer_id": customer["id"], **terms}, field, key, words)
    assert cast[MANAGER].get(APPLICATION, customer_id=customer["id"])["count"] == 0


# -- on the pages ------------------------------------------------------------------------------------------------------


def test_a_page_says_it_at_the_field_and_keeps_what_was_typed(cast: Cast, page: Browser) -> None:
    right = demo_uscc(serial())
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    new = f"{CUSTOMER}/new"
    typed = {"name": "泽远页面有限公司", "credit_code": wrong}
    answer = page.send(new, {**page.form(new), **typed})
    shown = answer.content.decode()
    assert answer.status == 422
    assert f"按 GB 32100-2015 应为 {right[-1]}" in shown
    for value in typed.values():
        assert f'value="{value}"' in shown


def test_a_page_refuses_three_decimals_and_a_negative_rate(cast: Cast, page: Browser) -> None:
    customer = cast.customer()
    new = f"{APPLICATION}/new"
    typed = {
        "customer_id": str(customer["id"]), "amount": "20,000,000.001", "months": "36", "rate": "-4.35",
        "purpose": "采购",
    }  # fmt: skip
    answer = page.send(new, {**page.form(new), **typed})
    shown = answer.content.decode()
    assert answer.status == 422
    assert "的小数位过多：CNY最多 2 位。" in shown
    assert "不能小于 0.00%。" in shown
    assert 'value="20,000,000.001"' in shown
    assert cast[MANAGER].get(APPLICATION, customer_id=customer["id"])["count"] == 0


@pytest.mark.parametrize("wrong", FILES)
def test_a_page_refuses_a_statement_in_words(cast: Cast, page: Browser, wrong: str) -> None:
    name, content, _key, words = FILES[wrong]
    customer = cast.customer()
    path = f"{at(CUSTOMER, customer)}/actions/import-statements"
    answer = page.send(path, {**page.form(path), "audited": "1"}, {"file": (name, content)})
    assert answer.status in (200, 422)
    assert words["zh-CN"] in answer.content.decode()
    assert cast[MANAGER].get(STATEMENTS, parent_id=customer["id"])["count"] == 0
