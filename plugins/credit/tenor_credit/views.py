"""Ratings and limits on screen."""

from tenor_credit.access import rate_customers
from tenor_credit.limits import LimitInputs, propose_limit
from tenor_credit.records import CustomerRating, LimitProposal, Rating
from tenor_credit.services import Judgement, rate_customer, recompute_rating
from tenor_credit.sheets import (
    limit_steps,
    preview_of_limit,
    preview_of_rating,
    rating_of_customer,
    working_sheet,
)
from tenor_customers.public import Customer, customer_form, customer_list, statements_tab
from tenor_sdk import Action, FormView, ListView, Menu, Panel, Section, Tab, ViewPatch, path
from tenor_sdk.looks import ChartView
from tenor_sdk.views import Related

rating_list = ListView(
    Rating,
    (
        Rating.number,
        path(Rating.customer, Customer.name),
        Rating.grade,
        Rating.score,
        Rating.model,
        Rating.rated_by_id,
        Rating.rated_on,
        Rating.valid_until,
        Rating.state,
    ),
    filters=(Rating.state, Rating.grade, Rating.rated_on),
)
menu = Menu("Ratings", rating_list, app="Customers", order=40)
rating_form = FormView(
    Rating,
    Panel(title="Working sheet", content=working_sheet),
    Section(
        "Rating",
        Rating.customer_id,
        Rating.statement_id,
        Rating.model,
        Rating.model_hash,
        Rating.rated_by_id,
        Rating.rated_on,
        Rating.valid_until,
    ),
    facts=(Rating.customer_id, Rating.grade, Rating.score, Rating.valid_until),
)
limit_list = ListView(
    LimitProposal,
    (
        LimitProposal.number,
        path(LimitProposal.customer, Customer.name),
        LimitProposal.asked,
        LimitProposal.needed,
        LimitProposal.proposed,
        LimitProposal.currency,
        LimitProposal.made_by_id,
        LimitProposal.made_on,
    ),
    filters=(LimitProposal.made_on,),
)
limit_menu = Menu("Limits", limit_list, app="Customers", order=45)
limit_form = FormView(
    LimitProposal,
    Panel(title="Working-capital need", content=limit_steps),
    Section(
        "Made",
        LimitProposal.customer_id,
        LimitProposal.statement_id,
        LimitProposal.made_by_id,
        LimitProposal.made_on,
    ),
    facts=(LimitProposal.customer_id, LimitProposal.proposed, LimitProposal.asked),
)
rating_tab = Tab(
    "Rating",
    Panel(title="Rating in force", content=rating_of_customer, needs=Rating),
    Related(
        Rating.customer_id,
        (Rating.number, Rating.grade, Rating.score, Rating.rated_on, Rating.state),
    ),
    Related(
        LimitProposal.customer_id,
        (
            LimitProposal.number,
            LimitProposal.asked,
            LimitProposal.needed,
            LimitProposal.proposed,
            LimitProposal.made_on,
        ),
    ),
)
on_customer = ViewPatch(
    view=customer_form, after=statements_tab, add=(rating_tab,), facts=(CustomerRating.grade,)
)
in_list = ViewPatch(
    view=customer_list,
    after=Customer.industry,
    add=(
        CustomerRating.grade,
        CustomerRating.score,
        ChartView(CustomerRating.grade, title="By rating"),
    ),
)

rate_action = Action(
    name="rate",
    title="Rate",
    on=Customer,
    do=rate_customer,
    inputs=Judgement,
    needs=rate_customers,
    preview=preview_of_rating,
)
limit_action = Action(
    name="propose-limit",
    title="Propose a limit",
    on=Customer,
    do=propose_limit,
    inputs=LimitInputs,
    needs=rate_customers,
    preview=preview_of_limit,
)
recompute_action = Action(
    name="recompute",
    title="Compute again",
    on=Rating,
    do=recompute_rating,
    needs=rate_customers,
)
