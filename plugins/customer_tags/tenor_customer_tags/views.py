"""Tags on screen."""

from tenor_customer_tags.access import tag_customers
from tenor_customer_tags.records import CustomerTag, CustomerTags, Origin, Tag
from tenor_customer_tags.services import Ended, GivenTag, end_tag, give_tag
from tenor_customer_tags.sheets import tags_of_customer
from tenor_customers.public import Customer, customer_form, customer_list, dossier_tab
from tenor_sdk import Action, Context, FormView, ListView, Menu, Panel, Section, ViewPatch, path
from tenor_sdk.looks import GraphView

tag_list = ListView(
    Tag, (Tag.name, Tag.code, Tag.by_rule, Tag.priority), filters=(Tag.by_rule,), sort=Tag.name
)
menu = Menu("Tags", tag_list, app="Customers", order=60)
tag_form = FormView(Tag, Section("Tag", Tag.name, Tag.code, Tag.by_rule, Tag.priority))

carried_list = ListView(
    CustomerTag,
    (
        path(CustomerTag.customer, Customer.name),
        CustomerTag.tag_id,
        CustomerTag.origin,
        CustomerTag.reason,
        CustomerTag.since,
        CustomerTag.until,
        CustomerTag.ended_on,
        CustomerTag.given_by_id,
    ),
    filters=(CustomerTag.tag_id, CustomerTag.origin, CustomerTag.since, CustomerTag.ended_on),
    looks=(GraphView(CustomerTag.customer_id, CustomerTag.tag_id, kind=CustomerTag.origin),),
)
carried_menu = Menu("Tagged", carried_list, app="Customers", order=65)
carried_form = FormView(
    CustomerTag,
    Section(
        "Tag",
        CustomerTag.customer_id,
        CustomerTag.tag_id,
        CustomerTag.origin,
        CustomerTag.reason,
        CustomerTag.since,
        CustomerTag.until,
        CustomerTag.given_by_id,
        CustomerTag.ended_on,
        CustomerTag.end_reason,
    ),
)

tags = Panel(title="Tags", content=tags_of_customer, aside=True, needs=CustomerTag)
on_customer = ViewPatch(
    view=customer_form, after=dossier_tab, add=(tags,), facts=(CustomerTags.tags,)
)
in_list = ViewPatch(view=customer_list, after=Customer.name, add=(CustomerTags.tags,))


def _by_hand(ctx: Context, held: CustomerTag) -> bool:
    return held.origin is Origin.PERSON and held.held_on(ctx.today)


give_action = Action(
    name="give-tag",
    title="Give a tag",
    on=Customer,
    do=give_tag,
    inputs=GivenTag,
    needs=tag_customers,
)
end_action = Action(
    name="end",
    title="Take it off",
    on=CustomerTag,
    do=end_tag,
    inputs=Ended,
    needs=tag_customers,
    shown=_by_hand,
)
