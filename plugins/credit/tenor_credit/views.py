"""Ratings on screen."""

from tenor_credit.access import rate_customers
from tenor_credit.records import CustomerRating, Rating
from tenor_credit.services import Judgement, rate_customer, recompute_rating
from tenor_credit.sheets import rating_of_customer, working_sheet
from tenor_customers.public import Customer, customer_form, customer_list, statements_tab
from tenor_sdk import Action, FormView, ListView, Menu, Panel, Section, Tab, ViewPatch, path
from tenor_sdk.views import Related

rating_list = ListView(
    Rating,
    (
        Rating.number,
        path(Rating.customer, Customer.name),
        Rating.grade,
        Rating.score,
        Rating.model,
        Rating.rated_on,
        Rating.valid_until,
        Rating.state,
    ),
    filters=(Rating.grade, Rating.state),
)
menu = Menu("Ratings", rating_list, app="Customers", order=40)
rating_form = FormView(
    Rating,
    Panel(title="Working sheet", content=working_sheet),
    Section(
        "Rating",
        Rating.customer_id,
        Rating.model,
        Rating.score,
        Rating.grade,
        Rating.rated_on,
        Rating.valid_until,
    ),
    facts=(Rating.customer_id, Rating.grade, Rating.score, Rating.valid_until),
)
ratings_tab = Tab(
    "Rating",
    Panel(title="Rating in force", content=rating_of_customer),
    Related(
        Rating.customer_id,
        (Rating.number, Rating.grade, Rating.score, Rating.rated_on, Rating.state),
    ),
)
on_customer = ViewPatch(view=customer_form, after=statements_tab, add=(ratings_tab,))
in_list = ViewPatch(
    view=customer_list, after=Customer.industry, add=(CustomerRating.grade, CustomerRating.score)
)

rate_action = Action(
    name="rate",
    title="Rate",
    on=Customer,
    do=rate_customer,
    inputs=Judgement,
    needs=rate_customers,
)
recompute_action = Action(
    name="recompute",
    title="Compute again",
    on=Rating,
    do=recompute_rating,
    needs=rate_customers,
)
