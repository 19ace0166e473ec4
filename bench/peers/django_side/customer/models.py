"""The customer, with a row of history for each change."""

from typing import ClassVar

from django.contrib.auth.models import User
from django.db import models
from simple_history.models import HistoricalRecords


class Unit(models.Model):
    """A branch, and who may see its customers."""

    name = models.CharField(max_length=80)
    users = models.ManyToManyField(User, related_name="units")


class Customer(models.Model):
    """A customer."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=120, null=True)
    phone = models.CharField(max_length=40, null=True)
    street = models.CharField(max_length=120, null=True)
    city = models.CharField(max_length=80, null=True)
    birth_date = models.DateField(null=True)
    opened_at = models.DateTimeField(null=True)
    income = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    score = models.IntegerField(null=True)
    grade = models.CharField(max_length=1, choices=[(each, each) for each in "ABCDE"], null=True)
    active = models.BooleanField(default=True)
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False)
    history = HistoricalRecords()

    class Meta:
        """The index that one adds for the sort, and that of the rule."""

        indexes: ClassVar = [
            models.Index(fields=["unit", "name"]),
            models.Index(fields=["name", "id"]),
        ]
