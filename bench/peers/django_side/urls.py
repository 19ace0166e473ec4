"""The customers as a resource: serializer, the rule by unit, one transaction a change."""

from typing import ClassVar

from customer.models import Customer
from django.db import transaction
from rest_framework import exceptions, routers, serializers, viewsets


class CustomerSerializer(serializers.ModelSerializer):
    """What may be written, and what is shown."""

    class Meta:
        """Its fields."""

        model = Customer
        fields = (
            "id", "code", "name", "email", "phone", "street", "city", "birth_date", "opened_at", "income", "score",
            "grade", "active", "unit",
        )  # fmt: skip
        extra_kwargs: ClassVar = {
            "income": {"min_value": 0},
            "score": {"min_value": 0, "max_value": 1000},
        }

    def validate_unit(self, unit):
        if not self.context["request"].user.units.filter(id=unit.id).exists():
            raise exceptions.PermissionDenied
        return unit


class CustomerView(viewsets.ModelViewSet):
    """The resource."""

    serializer_class = CustomerSerializer

    def get_queryset(self):
        return Customer.objects.filter(unit__in=self.request.user.units.all())

    @transaction.atomic
    def perform_create(self, serializer):
        serializer.save()

    @transaction.atomic
    def perform_update(self, serializer):
        serializer.save()


router = routers.SimpleRouter(trailing_slash=False)
router.register("customers", CustomerView, basename="customer")
urlpatterns = router.urls
