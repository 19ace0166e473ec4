"""All that is known of a customer, a row."""

from tenor_book.records import Customer
from tenor_sdk import ListView, Menu

customers = ListView(
    Customer,
    (
        Customer.code, Customer.name, Customer.email, Customer.phone, Customer.street, Customer.city,
        Customer.birth_date, Customer.opened_at, Customer.income, Customer.score, Customer.grade,
        Customer.active, Customer.unit_id,
    ),
    sort=Customer.name,
)  # fmt: skip
menu = Menu("Book", customers)
