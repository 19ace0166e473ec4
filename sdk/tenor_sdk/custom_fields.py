"""Fields that an institution adds to ``Customizable`` records without code: defined by an administrator, filled in by
whoever may change the record. A plugin never computes with them; these functions are for demos and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from tenor_sdk.port import port_of

if TYPE_CHECKING:
    from tenor_sdk.context import Context
    from tenor_sdk.records import Customizable, Record

#: what a value is: an amount is in the record's currency, a rate an exact fraction of one
CustomKind = Literal["text", "long-text", "integer", "amount", "rate", "date", "boolean", "choice"]


def add_custom_field(
    ctx: Context,
    record: type[Customizable],
    key: str,
    kind: CustomKind,
    label: str,
    *,
    label_en: str = "",
    help: str = "",
    help_en: str = "",
    required: bool = False,
    searched: bool = False,
    place: int = 100,
    choices: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Define a field of ``record``, by the right of whoever acts; it is there with this transaction.

    Args:
        key: its name in API, files and ledger: small letters, figures, single underscores.
        label, help: in Chinese; ``label_en``, ``help_en`` in English, else the same.
        required: demanded when a record is made or its custom fields are changed by a form, the API or an import.
        searched: lists can be filtered by it, and texts are looked into by the search box.
        place: in the order of the fields; lower comes first.
        choices: of a choice the values, each with its label in Chinese and in English.

    Raises:
        Invalid: errors by field.
        Forbidden: without the right to define fields.
    """
    values = {
        "key": key, "kind": kind, "label": label, "label_en": label_en, "help": help, "help_en": help_en,
        "required": required, "searched": searched, "place": place,
        "choices": [
            {"value": value, "label": zh, "label_en": en} for value, zh, en in choices
        ],
    }  # fmt: skip
    port_of(ctx).add_custom_field(ctx, record, values)  # type: ignore[arg-type]  # every Customizable is a Record


def set_custom_fields(ctx: Context, record: Record, values: Mapping[str, object]) -> None:
    """Fill in custom fields of ``record``; those that aren't named stay. Judged as any change of the record.

    Args:
        values: by key, as the API takes them: amounts, rates and dates as texts; None takes a value away.

    Raises:
        Invalid: errors by field, ``custom.<key>``.
    """
    port_of(ctx).set_custom_fields(ctx, record, values)
