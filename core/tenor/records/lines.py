"""Which relations of a record hold its lines."""

from __future__ import annotations

from tenor_sdk.records import Line, Record


def is_lines(record: type[Record], key: str) -> bool:
    """Whether an attribute of a record holds its lines."""
    relation = record.__mapper__.relationships.get(key)
    return (
        relation is not None and bool(relation.uselist) and issubclass(relation.mapper.class_, Line)
    )


def lines_of(record: type[Record]) -> list[tuple[str, type[Record]]]:
    """The attributes that hold lines, each with the kind of its lines."""
    return [
        (relation.key, relation.mapper.class_)
        for relation in record.__mapper__.relationships
        if is_lines(record, relation.key)
    ]
