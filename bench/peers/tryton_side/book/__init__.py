"""Tryton's module: customers with history, and a global rule by the units of the user."""

from trytond.cache import Cache
from trytond.model import ModelSQL, ModelView, fields
from trytond.pool import Pool, PoolMeta
from trytond.transaction import Transaction


class Unit(ModelSQL, ModelView):
    """A branch."""

    __name__ = "book.unit"
    name = fields.Char("Name", required=True)


class UserUnit(ModelSQL):
    """Who may see whose customers."""

    __name__ = "book.user-unit"
    user = fields.Many2One("res.user", "User", required=True, ondelete="CASCADE")
    unit = fields.Many2One("book.unit", "Unit", required=True, ondelete="CASCADE")


class User(metaclass=PoolMeta):
    """Their units, kept as Tryton's own company module keeps those of the user's companies."""

    __name__ = "res.user"
    units = fields.Many2Many("book.user-unit", "user", "unit", "Units")
    _units_cache = Cache("res.user.book_units", context=False)

    @classmethod
    def book_units(cls):
        user = Transaction().user
        units = cls._units_cache.get(user)
        if units is None:
            with Transaction().set_user(0):
                units = tuple(unit.id for unit in cls(user).units)
            cls._units_cache.set(user, units)
        return units


class Rule(metaclass=PoolMeta):
    """The rule's domain speaks of them."""

    __name__ = "ir.rule"

    @classmethod
    def _get_context(cls, model_name):
        return {**super()._get_context(model_name), "units": Pool().get("res.user").book_units()}

    @classmethod
    def _get_cache_key(cls, model_names):
        return (*super()._get_cache_key(model_names), Pool().get("res.user").book_units())


class Customer(ModelSQL, ModelView):
    """A customer."""

    __name__ = "book.customer"
    _history = True
    code = fields.Char("Code", size=40, required=True)
    name = fields.Char("Name", size=120, required=True)
    email = fields.Char("Email", size=120)
    phone = fields.Char("Phone", size=40)
    street = fields.Char("Street", size=120)
    city = fields.Char("City", size=80)
    birth_date = fields.Date("Birth date")
    opened_at = fields.DateTime("Opened at")
    income = fields.Numeric(
        "Income", digits=(15, 2), domain=["OR", ("income", "=", None), ("income", ">=", 0)]
    )
    score = fields.Integer("Score", domain=[("score", ">=", 0), ("score", "<=", 1000)])
    grade = fields.Selection([(each, each) for each in "ABCDE"], "Grade")
    active = fields.Boolean("Active")
    unit = fields.Many2One("book.unit", "Unit", required=True)

    @staticmethod
    def default_active():
        return True


def register():
    """What Tryton calls."""
    Pool.register(Unit, UserUnit, User, Rule, Customer, module="book", type_="model")
