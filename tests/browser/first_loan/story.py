"""The steps of the first loan, in order: each is a heading of the tutorial, in both languages."""

from __future__ import annotations

from typing import Final

from tests.browser.first_loan import application, contract, customer, deciding, looking, paying
from tests.browser.office import Step

STEPS: Final = (
    Step("Say who lends", "填写贷款人", customer.set_up),
    Step("Enter the customer", "建立客户档案", customer.create_customer),
    Step("Import three years of statements", "导入三年报表", customer.import_statements),
    Step("Open the application", "发起申请", application.open_application),
    Step("Bring the documents and submit", "提交资料", application.submit_with_documents),
    Step("See who is told", "看谁收到了通知", application.see_who_was_told),
    Step("Rate the customer", "评级", deciding.rate),
    Step("Give the opinion", "出具风险意见", deciding.recommend),
    Step("See that who rates can't decide", "评级人不得审批", deciding.refuse_the_rater),
    Step("Approve, two people", "双人审批", deciding.approve),
    Step("Generate the contract", "生成合同", contract.generate),
    Step("Issue it", "合同定稿", contract.issue),
    Step("Switch signatures off", "停用电子签名插件", looking.switch_signatures_off),
    Step("Switch them on again", "重新启用", looking.switch_signatures_on_again),
    Step("Send it out for signature", "送签", contract.send),
    Step("Take the borrower's signature", "借款人签署", contract.take_the_borrowers_signature),
    Step("Seal it for the bank", "银行用印", contract.seal),
    Step("Verify the signatures", "核验签名", contract.verify),
    Step("Confirm the conditions", "落实提款条件", paying.confirm_conditions),
    Step("Prepare the disbursement", "准备放款", paying.prepare),
    Step("Release it", "确认放款", paying.release),
    Step("See the loan", "查看贷款", paying.see_the_loan),
    Step("Read the whole course as the auditor", "审计全过程", looking.audit),
)
