"""A contract of the demo institution that the tests share."""

import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tenor_documents.contracts import (
    Instalment,
    LoanContract,
    LoanKind,
    Party,
    RepaymentMethod,
    SignatureBox,
)
from tenor_sdk.values import Amount, Rate

BANK = "海岳商业银行股份有限公司云州分行"
MAKER = "泽远精密制造股份有限公司"


@pytest.fixture
def extracted() -> Callable[[bytes], str]:
    """The text of a PDF as a reader extracts it (pdftotext of poppler); pages end with a form feed."""

    def extract(pdf: bytes) -> str:
        found = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
        return found.stdout.decode()

    return extract


@pytest.fixture
def text_of(extracted: Callable[[bytes], str]) -> Callable[[bytes], str]:
    """The text of a PDF without white space."""
    return lambda pdf: "".join(extracted(pdf).split())


@pytest.fixture
def made_at() -> datetime:
    return datetime(2026, 6, 30, 9, 0, tzinfo=UTC)


@pytest.fixture
def contract() -> LoanContract:
    """80,000,000.00 over 36 months in quarterly instalments of level principal."""
    principal, quarters = 8_000_000_000, 12
    shares = [principal // quarters] * (quarters - 1)
    shares.append(principal - sum(shares))
    return LoanContract(
        kind=LoanKind.FIXED_ASSET,
        number="HY-GD-2026-000123",
        approval_number="APP-2026-000123",
        lender=Party(BANK, "91530100MA6K7EXA1P", "云州市滨江大道88号海岳金融中心", "顾岩"),
        borrower=Party(MAKER, "91530100MA6K7EXB2Q", "云州市高新区创业路16号", "郭振东"),
        guarantors=("泽远控股集团有限公司",),
        amount=Amount(principal),
        purpose="年产20万套精密减速器生产线技术改造项目",
        months=36,
        drawn_on=date(2026, 6, 30),
        due_on=date(2029, 6, 30),
        rate=Rate.percent("4.35"),
        rate_basis="2026年6月22日公布的5年期以上贷款市场报价利率3.50%加85个基点",
        overdue_surcharge=Rate.percent("50"),
        misuse_surcharge=Rate.percent("100"),
        method=RepaymentMethod.LEVEL_PRINCIPAL,
        instalments=tuple(
            Instalment(
                date(2026 + (9 + 3 * n - 1) // 12, (9 + 3 * n - 1) % 12 + 1, 30),
                Amount(share),
                Amount((principal - share * n) * 435 // 40000),
            )
            for n, share in enumerate(shares)
        ),
        entrusted_above=Amount(1_000_000_000),
        loan_account="海岳商业银行云州分行 6228 0000 0000 1234",
        repayment_account="海岳商业银行云州分行 6228 0000 0000 5678",
        security="泽远控股集团有限公司提供连带责任保证，并以机器设备作抵押",
        conditions=(
            "本合同及担保合同已生效，抵押登记已办妥",
            "项目资本金已按比例到位并投入使用",
            "项目已取得备案、环评、用地等批准文件",
        ),
        court_place="甲方住所地",
        signed_at_place="云州市",
        signatures=(
            SignatureBox("borrower", "借款人（盖章）", MAKER),
            SignatureBox("borrower-representative", "法定代表人（签名）", "郭振东"),
            SignatureBox("guarantor", "保证人（盖章）", "泽远控股集团有限公司"),
            SignatureBox("lender", "贷款人（盖章）", BANK),
        ),
    )
