"""The first loan: from a customer whom nobody knew yet to money paid out, and the auditor who reads how it came to be.

Every step is taken over REST, by the person whose work it is, with a token of their own; the system was made and
started with the ``tenor`` command. The same story runs in both set-ups.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tenor_customers.demo_files import demo_uscc, zeyuan_workbook
from tenor_origination.checklist import Product, required
from tests.journeys.arithmetic import Row, bullet, level_payment, level_principal
from tests.journeys.bank import Bank, wait_until
from tests.journeys.people import file_of
from tests.journeys.steps import (
    ADMINISTRATOR,
    APPLICATION,
    APPROVERS,
    AUDITOR,
    CONTRACT,
    CUSTOMER,
    JUDGEMENT,
    LEGAL,
    LOAN,
    MANAGER,
    OPERATIONS,
    OPINION,
    OTHER_BRANCH,
    PAYEE,
    RELEASER,
    RISK,
    RISK_DEPARTMENT,
    SIGNING,
    XLSX,
    Cast,
    at,
    of,
    serial,
)

#: 指标: 得分, 满分 of the scorecard 制造业-2026.1
POINTS = {
    "产能利用率": [8, 10], "应收账款周转率": [7, 10], "资产负债率": [7, 9], "流动比率": [6, 8],
    "利息保障倍数": [8, 10], "净利率": [6, 8], "营收增长率": [5, 7], "经营现金流/负债": [7, 9],
    "存货周转率": [5, 6], "还款记录": [9, 10], "行业": [5, 6], "治理": [5, 7],
}  # fmt: skip
STAGES = [
    ("林晓雯", "draft", "intake"),
    ("林晓雯", "intake", "risk-review"),
    ("周启明", "risk-review", "approval"),
    ("顾岩", "approval", "contract"),
    ("高洁", "conditions", "disbursement"),
    ("蒋楠", "disbursement", "completed"),
]


@pytest.fixture
def cast(bank: Bank) -> Cast:
    return Cast(bank)


def values(table: Any) -> list[list[Any]]:
    """The rows of a computed table."""
    return [[cell["value"] for cell in row] for row in table["rows"]]


def panel(panels: Any, title: str) -> list[Any]:
    """The parts of a panel, by its title."""
    return next(one["parts"] for one in panels["items"] if one["title"] == title)


def due(working_day: datetime) -> str:
    """Close of business, six in the evening at the bank, as the API says it."""
    return working_day.replace(hour=10, tzinfo=UTC).isoformat()


def plan_of(cast: Cast, loan: Any) -> list[Row]:
    """Principal and interest of each instalment, from the loan's page."""
    plan, _sums = panel(cast[AUDITOR].get(f"{at(LOAN, loan)}/panels"), "还款计划")
    return [(row[4], row[5]) for row in values(plan)]


class FirstLoan:
    """One loan's way, step by step; each step says what its people see.

    Args:
        cast: the bank's people.
    """

    def __init__(self, cast: Cast, folder: Path) -> None:
        self.cast, self.bank, self.folder = cast, cast.bank, folder
        self.number = serial()

    # -- the customer ---------------------------------------------------------------------------------------------

    def the_manager_enters_a_customer_and_mistypes_the_code(self) -> None:
        lin = self.cast[MANAGER]
        right = demo_uscc(self.number)
        wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
        given = {"name": f"泽远精密制造{self.number}股份有限公司", "credit_code": wrong}
        refused = lin.refused("POST", CUSTOMER, given)
        assert refused.errors() == {"credit_code": "uscc-check-digit"}
        said = refused.json["errors"]["credit_code"]["detail"]
        assert said == f"校验码错误：末位为 {wrong[-1]}，按 GB 32100-2015 应为 {right[-1]}。"
        self.customer = self.cast.customer(self.number)
        assert self.customer["credit_code"] == right

    def she_imports_three_years_of_statements(self) -> None:
        lin, path = self.cast[MANAGER], f"{at(CUSTOMER, self.customer)}/actions/import-statements"
        faulty = {"file": file_of(XLSX, zeyuan_workbook(balanced=False)), "audited": True}
        (dry_run,) = lin.post(f"{path}/preview", faulty)["items"]
        assert [row[:2] for row in values(dry_run)] == [
            ["2023-12-31", "导入"], ["2024-12-31", "导入"], ["2025-12-31", "不导入"],
        ]  # fmt: skip
        assert values(dry_run)[2][4] == "资产 86,420 ≠ 负债+权益 86,320，差 100 万元。"
        assert (
            lin.get("/customers/financial-statement", parent_id=self.customer["id"])["count"] == 0
        )
        assert self.cast.statements(self.customer) == "已录入 3 期，0 期无变化，0 期未导入"

    def the_ratios_are_there(self, login: str) -> None:
        panels = self.cast[login].get(f"{at(CUSTOMER, self.customer)}/panels")
        _lines, ratios = panel(panels, "报表与比率")
        assert [one["title"] for one in ratios["columns"][1:4]] == [
            "2023 经审计", "2024 经审计", "2025 经审计",
        ]  # fmt: skip
        shown = {row[0]: row[1:4] for row in values(ratios)}
        assert shown["资产负债率"] == ["62.0%", "61.0%", "60.0%"]
        assert shown["净利率"][2] == "6.0%"
        assert shown["应收账款周转率"][2] == "4.20"

    # -- the application ------------------------------------------------------------------------------------------

    def she_applies_for_twenty_million_over_three_years(self) -> None:
        self.application = self.cast.application(self.customer)
        assert self.application["state"] == "draft"
        assert self.application["amount"] == "20000000.00"

    def she_submits_with_one_document_missing_and_nobody_in_risk_is_bothered(self) -> None:
        *most, self.last = [kind.code for kind in required(Product.WORKING_CAPITAL)]
        for kind in most:
            self.cast.bring(self.application, kind)
        lin = self.cast[MANAGER]
        assert lin.go(self.here, "submit")["state"] == "intake"
        waiting = lin.offered(self.here, "accept")
        assert waiting is not None
        assert [(one["what"], one["why"]) for one in waiting["blockers"]] == [
            ("用途证明", "尚未提交")
        ]
        assert not any(self.tasks(login) for login in RISK_DEPARTMENT)
        assert [task["title"] for task in self.tasks(MANAGER)] == ["补齐资料"]

    def with_the_last_document_the_file_goes_to_risk_by_itself(self) -> None:
        said = self.cast.bring(self.application, self.last)
        assert said == "购销合同.pdf 已入档，申请已转风险管理部"
        assert self.cast[MANAGER].get(self.here)["state"] == "risk-review"
        self.officer = self.cast.holder(RISK_DEPARTMENT, self.application)
        (task,) = self.tasks(self.officer)
        assert (task["title"], task["name"]) == ("风险审查", self.application["number"])
        assert task["due_at"] == due(datetime(2026, 7, 2))  # noqa: DTZ001 -- ``due`` gives the zone
        assert task["why"]

    def the_officer_is_told_in_the_inbox_and_by_mail(self) -> None:
        notices = self.cast[self.officer].get("/inbox", unread="true")["items"]
        mine = [one for one in notices if one["about"] == self.application["number"]]
        assert [one["title"] for one in mine] == ["新任务：风险审查"]
        (mail,) = self.mails_to(self.officer)
        assert mail["Subject"] == "新任务：风险审查"
        assert self.bank.url in mail.get_content()

    # -- risk ------------------------------------------------------------------------------------------------------

    def risk_looks_at_the_score_taken_apart_and_rates(self) -> None:
        zhou, path = self.cast[RISK], f"{at(CUSTOMER, self.customer)}/actions/rate"
        sheet, tree = zhou.post(f"{path}/preview", JUDGEMENT)["items"]
        assert {row[0]: row[2] for row in values(sheet)} == POINTS
        assert [cell["value"] for cell in sheet["totals"]][:3] == ["合计", "A+", [78, 100]]
        assert tree["caption"] == "决策树路径：A"
        assert zhou.get("/credit/rating", customer_id=self.customer["id"])["count"] == 0
        blocked = zhou.refused("POST", f"{self.here}/transitions/recommend", OPINION)
        assert [one["what"] for one in blocked.json["blockers"]] == ["客户的有效评级"]
        self.rating = self.cast.rating(self.customer)
        assert (self.rating["grade"], self.rating["score"]) == ("A+", 78)
        assert self.rating["state"] == "confirmed"

    def risk_sends_the_file_back_once_and_then_on(self) -> None:
        zhou, lin = self.cast[RISK], self.cast[MANAGER]
        unsaid = zhou.refused("POST", f"{self.here}/transitions/send-back")
        assert unsaid.errors() == {"reason": "required"}
        reason = "购销合同缺最后一页,请补正"
        assert zhou.go(self.here, "send-back", {"reason": reason})["state"] == "draft"
        self.cast.bring(self.application, self.last)
        assert lin.go(self.here, "submit")["state"] == "risk-review"
        assert zhou.go(self.here, "recommend", OPINION)["state"] == "approval"

    # -- approval ---------------------------------------------------------------------------------------------------

    def whoever_made_or_rated_it_decides_nothing(self) -> None:
        for login in (MANAGER, RISK):
            refused = self.cast[login].refused("POST", f"{self.here}/transitions/approve")
            assert refused.problem == (403, "not-permitted")
            assert refused.json["detail"] == "您没有权限：批准。"

    def two_distinct_people_approve_with_conditions(self) -> None:
        first, second = APPROVERS
        path = f"{self.here}/transitions/approve"
        offer = self.cast[first].offered(self.here, "approve")
        assert offer is not None
        assert (offer["votes"], offer["needed"]) == (0, 2)
        assert self.cast.vote(first, self.application)["state"] == "approval"
        assert not self.tasks(first)
        assert self.cast[first].refused("POST", path).problem == (409, "already-voted")
        stale = {"text": "同意", "shown": "0" * 64}
        assert self.cast[second].refused("POST", path, stale).problem == (409, "changed-since")
        approved = self.cast.vote(second, self.application)
        assert approved["state"] == "contract"
        assert (approved["approved_amount"], approved["approved_months"]) == ("20000000.00", 36)
        assert approved["rating_id"] == self.rating["id"]

    def another_branch_finds_none_of_it(self) -> None:
        shen = self.cast[OTHER_BRANCH]
        for path in (
            self.here, f"{self.here}/history", f"{self.here}/panels", at(CUSTOMER, self.customer),
            f"/credit/rating/{self.rating['id']}",
        ):  # fmt: skip
            assert shen.refused("GET", path).problem == (404, "not-found"), path
        for kind in (APPLICATION, CUSTOMER, "/credit/rating", "/customers/financial-statement"):
            assert shen.get(kind)["count"] == 0, kind
        assert shen.refused("POST", f"{self.here}/transitions/withdraw").status == 404

    # -- the contract -------------------------------------------------------------------------------------------------

    def legal_generates_the_contract_in_chinese(self) -> None:
        self.lawyer = self.cast.holder(LEGAL, self.application)
        (task,) = self.tasks(self.lawyer)
        assert task["title"] == "拟定合同"
        self.contract = self.cast.contract(self.application)
        text = self.text_of(self.cast[self.lawyer].file(self.contract["file_id"]))
        for words in (
            "流动资金借款合同", "人民币贰仟万元整", "¥20,000,000.00", self.customer["name"],
            self.customer["credit_code"], "海岳商业银行股份有限公司", "4.35%", "等额本息",
            "593,598.68", "2026-07-30", OPINION["conditions"],
        ):  # fmt: skip
            assert words in text, words

    def both_sides_sign(self) -> None:
        signing = self.cast.signed(self.contract)
        kept = self.cast[self.lawyer].get(at(CONTRACT, self.contract))
        assert (kept["state"], kept["signed_how"]) == ("signed", "electronically")
        assert kept["signed_sha256"] == signing["signed_sha256"]
        said = self.read("pdfsig", self.cast[self.lawyer].file(kept["signed_file_id"]))
        assert said.count("Signature is Valid.") == 2
        assert "Total document signed" in said
        assert self.cast[self.lawyer].get(self.here)["state"] == "conditions"
        told = self.cast[self.lawyer].post(f"{at(CONTRACT, self.contract)}/actions/verify")["told"]
        assert told == "2 个存档文件与登记一致"

    # -- the money --------------------------------------------------------------------------------------------------

    def operations_waits_for_the_condition_and_prepares(self) -> None:
        gao = self.cast[OPERATIONS]
        path = f"{self.here}/transitions/prepare-disbursement"
        blocked = gao.refused("POST", path, PAYEE)
        assert blocked.problem == (422, "blocked")
        assert [one["what"] for one in blocked.json["blockers"]] == [
            f"提款条件：{OPINION['conditions']}"
        ]
        (condition,) = self.cast.conditions(self.application)
        assert self.cast.meet(condition) == f"提款条件已落实：{OPINION['conditions']}"
        assert gao.go(self.here, "prepare-disbursement", PAYEE)["state"] == "disbursement"

    def a_second_person_releases(self) -> None:
        release = f"{self.here}/transitions/release"
        assert self.cast[OPERATIONS].refused("POST", release).problem == (403, "not-permitted")
        jiang = self.cast[RELEASER]
        _payment, plan = panel(jiang.get(f"{self.here}/panels"), "放款")
        assert len(plan["rows"]) == 36
        assert jiang.go(self.here, "release", key=f"release-{self.number}")["state"] == "completed"

    def the_loan_is_there_to_the_fen(self) -> None:
        self.loan = self.cast.loan_of(self.application)
        assert (self.loan["principal"], self.loan["outstanding"]) == ("20000000.00",) * 2
        assert (self.loan["first_due"], self.loan["maturity"]) == ("2026-07-30", "2029-06-30")
        assert plan_of(self.cast, self.loan) == level_payment("20000000", "0.0435", 36)
        (paid,) = self.cast[AUDITOR].get("/loans/payment-instruction", loan_id=self.loan["id"])[
            "items"
        ]
        assert (paid["amount"], paid["payee"]) == ("20000000.00", PAYEE["payee"])
        assert paid["account"] == "***************8901"

    def the_first_reminder_is_scheduled(self) -> None:
        panels = self.cast[MANAGER].get(f"{at(LOAN, self.loan)}/panels")
        (ahead,) = panel(panels, "待发提醒")
        assert values(ahead)[0] == ["2026-07-23", "2026-07-30", "593598.68"]
        listed = self.bank.command("jobs", "list", "--state", "ready")
        assert "loans.remind" in listed
        assert "2026-07-23" in listed

    # -- the auditor --------------------------------------------------------------------------------------------------

    def the_auditor_reads_who_did_what_from_what_to_what(self) -> None:
        song = self.cast[AUDITOR]
        entries = song.get(f"{self.here}/history")["items"][::-1]
        moves = [
            (one["actor_name"], one["changes"]["from"][1], one["changes"]["to"][1])
            for one in entries
            if one["kind"] == "transition"
        ]
        back = [("周启明", "risk-review", "draft"), *STAGES[:2]]
        signed = ("service:esign_ca", "contract", "conditions")
        assert moves == [*STAGES[:2], *back, *STAGES[2:4], signed, *STAGES[4:]]
        assert [one["actor_name"] for one in entries if one["kind"] == "vote"] == ["梁衡", "顾岩"]
        denied = {one["actor_name"] for one in entries if one["kind"] == "denied"}
        assert denied == {"林晓雯", "周启明", "高洁"}
        terms = next(one for one in entries if "approved_amount" in one["changes"])
        assert terms["changes"]["approved_amount"] == [None, "20000000.00"]
        assert next(one["reason"] for one in entries if one["reason"]).startswith("购销合同缺")
        assert self.cast[MANAGER].refused("GET", "/base/ledger-entry").status == 404

    def the_command_verifies_the_ledger_and_takes_the_loan_out(self) -> None:
        self.bank.command("audit", "seal")
        assert "The ledger is whole" in self.bank.command("audit", "verify")
        rows = csv.DictReader(
            io.StringIO(self.bank.command("export", "loans.loan", "--as", AUDITOR))
        )
        assert self.loan["number"] in [row["number"] for row in rows]
        taken = ("export", "origination.application", "--format", "json", "--as")
        mine = json.loads(self.bank.command(*taken, MANAGER))
        assert self.application["number"] in [one["number"] for one in mine]
        assert json.loads(self.bank.command(*taken, OTHER_BRANCH)) == []
        self.bank.command("export", "loans.loan", "--as", OPERATIONS, expect=1)

    # -- asked --------------------------------------------------------------------------------------------------------

    @property
    def here(self) -> str:
        """Where the application is."""
        return at(APPLICATION, self.application)

    def tasks(self, login: str) -> list[Any]:
        """Somebody's open tasks on this application."""
        return self.cast.tasks(login, self.application)

    def mails_to(self, login: str) -> list[Any]:
        """The mails to somebody about this application, once there is one."""

        def arrived() -> list[Any]:
            return [
                mail
                for mail in self.bank.mails.messages
                if login in mail["To"] and self.application["number"] in mail.get_content()
            ]

        return wait_until(arrived, f"no mail to {login}")

    def text_of(self, pdf: bytes) -> str:
        """What a PDF says, without its line breaks."""
        return "".join(self.read("pdftotext", pdf, "-").split())

    def read(self, program: str, pdf: bytes, *more: str) -> str:
        """What a program of poppler says of a PDF."""
        file = self.folder / "contract.pdf"
        file.write_bytes(pdf)
        words = [program, str(file), *more]
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def test_the_first_loan_from_a_customers_code_to_the_auditors_verdict(
    cast: Cast, tmp_path: Path
) -> None:
    story = FirstLoan(cast, tmp_path)
    story.the_manager_enters_a_customer_and_mistypes_the_code()
    story.she_imports_three_years_of_statements()
    story.the_ratios_are_there(MANAGER)
    story.she_applies_for_twenty_million_over_three_years()
    story.she_submits_with_one_document_missing_and_nobody_in_risk_is_bothered()
    story.with_the_last_document_the_file_goes_to_risk_by_itself()
    story.the_officer_is_told_in_the_inbox_and_by_mail()
    story.the_ratios_are_there(RISK)
    story.risk_looks_at_the_score_taken_apart_and_rates()
    story.risk_sends_the_file_back_once_and_then_on()
    story.whoever_made_or_rated_it_decides_nothing()
    story.two_distinct_people_approve_with_conditions()
    story.another_branch_finds_none_of_it()
    story.legal_generates_the_contract_in_chinese()
    story.both_sides_sign()
    story.operations_waits_for_the_condition_and_prepares()
    story.a_second_person_releases()
    story.the_loan_is_there_to_the_fen()
    story.the_first_reminder_is_scheduled()
    story.the_auditor_reads_who_did_what_from_what_to_what()
    story.the_command_verifies_the_ledger_and_takes_the_loan_out()


def test_without_the_signing_plugin_its_step_says_so_and_all_else_works_and_nothing_is_lost(
    cast: Cast,
) -> None:
    waiting = cast.contract(cast.approved())
    signing = cast.sent_for_signature(cast.contract(cast.approved()))
    cast.bank.switch("disable", "esign_ca", ADMINISTRATOR)
    try:
        assert cast[AUDITOR].refused("GET", at(SIGNING, signing)).problem == (404, "not-found")
        legal = cast[cast.holder(LEGAL, cast[AUDITOR].get(of(waiting)))]
        offer = legal.offered(at(CONTRACT, waiting), "send-for-signature")
        assert offer is not None
        assert [one["what"] for one in offer["blockers"]] == ["需要插件 esign_ca，该插件已停用"]
        assert cast.signed_on_paper(waiting)["state"] == "signed"
        assert cast.recommended(amount="10000000")["state"] == "approval"
    finally:
        cast.bank.switch("enable", "esign_ca", ADMINISTRATOR)
    assert cast[AUDITOR].get(at(SIGNING, signing))["state"] == "with-borrower"
    code = cast.mailed_code(signing)
    cast[MANAGER].post(f"{at(SIGNING, signing)}/actions/confirm", {"code": code})
    contract = cast[AUDITOR].get(f"{CONTRACT}/{signing['contract_id']}")
    cast[OPERATIONS].go(at(SIGNING, cast.signing_in("with-bank", contract)), "seal")
    assert cast.signing_in("completed", contract)["id"] == signing["id"]


@pytest.mark.parametrize(
    ("repayment", "worked_out"),
    [("level-principal", level_principal), ("bullet", bullet)],
)
def test_a_loan_of_each_way_of_repayment_has_its_schedule_to_the_fen(
    cast: Cast, repayment: str, worked_out: Any
) -> None:
    loan = cast.lent(repayment=repayment)
    assert plan_of(cast, loan) == worked_out("20000000", "0.0435", 36)


def test_up_to_ten_million_one_approver_decides(cast: Cast) -> None:
    application = cast.recommended(amount="10000000")
    assert cast.vote(APPROVERS[0], application)["state"] == "contract"
