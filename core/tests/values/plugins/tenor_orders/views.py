from tenor_orders.records import Order
from tenor_sdk import FormView, ListView, Menu, Section

orders = ListView(
    Order,
    (Order.number, Order.name, Order.total, Order.margin, Order.marks, Order.calls, Order.loud),
    filters=(Order.total, Order.margin),
)
menu = Menu("Orders", orders)
form = FormView(
    Order,
    Section("Order", Order.name, Order.total, Order.margin, Order.earns, Order.calls, Order.marks),
)
