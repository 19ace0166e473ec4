import pytest

from tenor_sdk.testing import as_actor, make_user

PAGES = [
    "/vault/box",
    "/vault/box?view=sealedboxes",
    "/vault/box/1",
    "/vault/box/1?tab=1",
    "/vault/box/new",
    "/vault/box/1/edit",
    "/vault/box/1/why",
    "/vault/box/1/buttons",
    "/vault/box?kind=papers&value__from=1&since__to=2027-01-01",
    "/vault/box/1/actions/revalue",
    "/vault/tour/1?said=x",
    "/vault/box/1/reveal/holder_identity",
    "/vault/opening",
    "/search?q=box",
    "/",
    "/vault/box?sort=-value",
    "/vault/box?sort=shelf.name",
    "/vault/box/export?format=csv",
    "/vault/box?sealed=true",
    "/vault/box?keeper_id=2",
    "/vault/box/1/delete",
]


@pytest.mark.parametrize("path", PAGES)
def test_page(path, institution, person):
    from tenor_sdk import Amount, Rate
    from tenor_vault.records import Box, Item, Opening

    with as_actor(institution, "lin.xiaowen") as ctx:
        for n in range(3):
            box = Box(
                name=f"box {n}",
                value=Amount.of("12345678.90"),
                fee=Rate.of("0.0435"),
                holder_identity="330106199001010017",
                unit_id=ctx.actor.unit_id,
                owner_id=ctx.actor.id,
                keeper_id=ctx.actor.id,
                sealed=n == 1,
            )
            ctx.session.add(box)
            box.items = [Item(what="bar", worth=Amount.of("5")), Item(what="ring")]
            ctx.session.flush()
            ctx.session.add(Opening(box_id=box.id, reason="look"))
    text = person("lin.xiaowen").get(path)
    assert "330106199001010017" not in text
