"""Tables, units, the person and the customers."""

import site_  # noqa: F401 - sets Django up
from customer.models import Unit
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection, transaction
from rest_framework.authtoken.models import Token

from bench.over_http.data import COLUMNS, MINE, ROWS, UNITS, customers


def fill() -> None:
    """All of it."""
    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0, run_syncdb=True)
    with transaction.atomic():
        Unit.objects.bulk_create(
            [Unit(id=number, name=f"Unit {number:03d}") for number in range(1, UNITS + 1)]
        )
        officers = Group.objects.create(name="officers")
        officers.permissions.set(Permission.objects.filter(content_type__app_label="customer"))
        who = User.objects.create(username="keeper")
        who.groups.add(officers)
        who.units.add(*MINE)
        Token.objects.create(user=who, key="token-of-the-one-who-asks")
        _copy()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _copy() -> None:
    columns = ", ".join((*COLUMNS, "unit_id"))
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY customer_customer (id, {columns}) FROM STDIN") as copy:
            for number, row in enumerate(customers(), start=1):
                copy.write_row((number, *(row[name] for name in COLUMNS), row["unit"]))
        cursor.execute(f"SELECT setval('customer_customer_id_seq', {ROWS})")
        cursor.execute(
            f"INSERT INTO customer_historicalcustomer (id, {columns}, history_date, history_type) "  # noqa: S608 - names of this file
            f"SELECT id, {columns}, now(), '+' FROM customer_customer"
        )


if __name__ == "__main__":
    fill()
