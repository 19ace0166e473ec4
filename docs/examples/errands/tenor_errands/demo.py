"""Errands of the demo bank."""

from datetime import date

from tenor_errands.services import add_errand
from tenor_sdk.demo import Stage, demo


@demo()
def errands(stage: Stage) -> None:
    """Two errands of 林晓雯, one of 沈柏 in the other branch."""
    with stage.as_("lin.xiaowen") as ctx:
        add_errand(ctx, "去工商局取泽远精密的登记档案", date(2026, 7, 3))
        add_errand(ctx, "送贷款合同到泽远精密盖章")
    with stage.as_("shen.bai") as ctx:
        add_errand(ctx, "去不动产登记中心查询抵押")
