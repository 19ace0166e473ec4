"""Whether a page has what conditions say of its fields."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tenor.views.errors import ViewError
from tenor.views.merge import ShownForm, ShownSection

if TYPE_CHECKING:
    from tenor.expressions.whens import Condition


def check_whens(form: ShownForm, conditions: Sequence[Condition]) -> None:
    """See to it that a field goes by one rule, and that what is asked for can be given.

    Raises:
        ViewError: with file and line of the condition.
    """
    placed = {
        getattr(field, "key", "")
        for tab in form.tabs
        for part in tab.content
        if isinstance(part, ShownSection)
        for field in part.fields
        if getattr(field, "class_", None) is form.record
    }
    for one in conditions:
        origin = one.when.origin
        for key in sorted(one.visible & form.only.keys()):
            raise ViewError(origin, f"{key} goes by this condition and by an Only of its form")
        for key in sorted((one.required | one.visible) - placed):
            raise ViewError(origin, f"no section of the page has {key}: nobody could give it")
