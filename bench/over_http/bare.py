"""The same work by hand: Flask, the SQLAlchemy ORM and marshmallow, with the unit rule, validation and a ledger row.

Nobody's rules but this table's, no forms, no field rules, no conflict: what a good programmer writes for one record.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import Flask, Response, abort, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import JSON, BigInteger, ForeignKey, Index, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class Base(DeclarativeBase):
    """Of the bare side's tables."""


class Unit(Base):
    """A branch."""

    __tablename__ = "unit"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class User(Base):
    """Who asks."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)


class UserUnit(Base):
    """Whose customers they may see."""

    __tablename__ = "person_unit"
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)


class Customer(Base):
    """A customer; the index is the one that one adds by instinct, for the sort."""

    __tablename__ = "customer"
    __table_args__ = (Index("customer_name", "name", "id"), Index("customer_unit", "unit_id"))
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    street: Mapped[str | None]
    city: Mapped[str | None]
    birth_date: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    income: Mapped[int | None] = mapped_column(BigInteger)
    score: Mapped[int | None]
    grade: Mapped[str | None]
    active: Mapped[bool]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))


class Dossier(Base):
    """What is put before somebody to decide on a customer."""

    __tablename__ = "dossier"
    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    state: Mapped[str]


class Task(Base):
    """What somebody has to do."""

    __tablename__ = "task"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    title: Mapped[str]
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    open: Mapped[bool]


class Told(Base):
    """An event, for whoever works on it afterwards."""

    __tablename__ = "told"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)


class Entry(Base):
    """A ledger row."""

    __tablename__ = "entry"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[int]
    kind: Mapped[str]
    record_id: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)


class CustomerIn(Schema):
    """What may be written."""

    code = fields.Str(required=True, validate=validate.Length(1, 40))
    name = fields.Str(required=True, validate=validate.Length(1, 120))
    email = fields.Str(allow_none=True, validate=validate.Length(0, 120))
    phone = fields.Str(allow_none=True, validate=validate.Length(0, 40))
    street = fields.Str(allow_none=True, validate=validate.Length(0, 120))
    city = fields.Str(allow_none=True, validate=validate.Length(0, 80))
    birth_date = fields.Date(allow_none=True)
    opened_at = fields.AwareDateTime(allow_none=True)
    income = fields.Int(allow_none=True, validate=validate.Range(min=0))
    score = fields.Int(allow_none=True, validate=validate.Range(0, 1000))
    grade = fields.Str(allow_none=True, validate=validate.Length(0, 1))
    active = fields.Bool()
    unit_id = fields.Int(required=True)


NAMES = [column.name for column in Customer.__table__.columns]
WHOLE, PART = CustomerIn(), CustomerIn(partial=True)


def create_app(url: str) -> Flask:
    """The site."""
    app = Flask(__name__)
    engine = create_engine(url, pool_size=4)

    @app.errorhandler(ValidationError)
    def invalid(error: ValidationError) -> tuple[Response, int]:
        return jsonify(errors=error.messages), 422

    @app.get("/customers")
    def page() -> Response:
        with Session(engine) as session:
            _, units = _who(session)
            wanted = (
                select(Customer)
                .where(Customer.unit_id.in_(units), Customer.name.ilike(f"%{request.args['q']}%"))
                .order_by(Customer.name, Customer.id)
                .limit(50)
                .offset(int(request.args.get("offset", "0")))
            )
            return jsonify(items=[_shown(found) for found in session.scalars(wanted)])

    @app.get("/customers/<int:identity>")
    def one(identity: int) -> Response:
        with Session(engine) as session:
            return jsonify(_shown(_found(session, identity, _who(session)[1])))

    @app.post("/customers")
    def create() -> tuple[Response, int]:
        given: dict[str, Any] = WHOLE.load(request.get_json())
        with Session(engine, expire_on_commit=False) as session:
            user, units = _who(session)
            if given["unit_id"] not in units:
                abort(403)
            made = Customer(**given)
            session.add(made)
            session.flush()
            session.add(
                _entry(user, made.id, {key: [None, _plain(value)] for key, value in given.items()})
            )
            session.commit()
            return jsonify(_shown(made)), 201

    @app.patch("/customers/<int:identity>")
    def update(identity: int) -> Response:
        given: dict[str, Any] = PART.load(request.get_json())
        with Session(engine, expire_on_commit=False) as session:
            user, units = _who(session)
            found = _found(session, identity, units, lock=True)
            before = {key: getattr(found, key) for key in given}
            for key, value in given.items():
                setattr(found, key, value)
            changes = {
                key: [_plain(before[key]), _plain(given[key])]
                for key in given
                if before[key] != given[key]
            }
            session.add(_entry(user, identity, changes))
            session.commit()
            return jsonify(_shown(found))

    @app.post("/dossiers/<int:identity>/submit")
    def submit(identity: int) -> Response:
        with Session(engine, expire_on_commit=False) as session:
            user, units = _who(session)
            wanted = select(Dossier).where(Dossier.id == identity, Dossier.unit_id.in_(units))
            found = session.scalar(wanted.with_for_update())
            if found is None:
                abort(404)
            customer = session.get_one(Customer, found.customer_id)
            if found.state != "open" or customer.income is None:
                abort(422)
            found.state = "submitted"
            session.add_all([
                Task(title="Decide on a dossier", dossier_id=identity, user_id=found.owner_id, open=True),
                Told(name="DossierSubmitted", payload={"dossier_id": identity}),
                Entry(user_id=user, kind="dossier", record_id=identity, changes={"state": ["open", "submitted"]}),
            ])  # fmt: skip
            session.commit()
            return jsonify(id=identity, state=found.state, customer_id=found.customer_id)

    return app


def _who(session: Session) -> tuple[int, list[int]]:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    wanted = select(UserUnit.user_id, UserUnit.unit_id).join(User, User.id == UserUnit.user_id)
    rows = session.execute(wanted.where(User.token == token)).all()
    if not rows:
        abort(401)
    return rows[0][0], [row[1] for row in rows]


def _found(session: Session, identity: int, units: list[int], *, lock: bool = False) -> Customer:
    wanted = select(Customer).where(Customer.id == identity, Customer.unit_id.in_(units))
    found = session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        abort(404)
    return found


def _shown(found: Customer) -> dict[str, Any]:
    return {name: _plain(getattr(found, name)) for name in NAMES}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _entry(user: int, identity: int, changes: dict[str, Any]) -> Entry:
    return Entry(user_id=user, kind="customer", record_id=identity, changes=changes)
