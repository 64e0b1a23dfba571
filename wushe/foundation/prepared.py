"""Prepared queries: a query on the path of every request is built by the ORM once and then only executed.

Building a query costs the ORM several times what the database takes to answer it. A `Prepared` query is written
with `Slot`s where the values will stand; each call fills them in. What it answers is read from the database each
time: nothing is cached but the text of the query.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models.query import NamedValuesListIterable, get_related_populators
from django.db.models.utils import create_namedtuple_class

from .statements import Statement

R = TypeVar("R")

_LARGEST = 2**63 - 1
# Values of these types stand in fields of these kinds as they are; the fields need not be asked.
_AS_THEY_ARE = frozenset({int, str, type(None)})
_SIMPLE = frozenset(
    {models.BigAutoField, models.BigIntegerField, models.IntegerField, models.CharField, models.TextField}
)


class Slot(models.Expression):
    """The place of a value, of the kind of this field, in a prepared query."""

    def __init__(self, name: str, kind: "models.Field[Any, Any]") -> None:
        super().__init__(output_field=kind)
        self.name = name
        self.simple = type(kind) in _SIMPLE

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Stand for itself until a call puts the value here."""
        return "%s", [self]


def filled(parameters: Iterable[Any], values: Mapping[str, Any]) -> list[Any]:
    """Return the parameters of a query with the values in their slots, as the database takes them."""
    link = connections[DEFAULT_DB_ALIAS]
    return [_in_slot(one, values[one.name], link) if isinstance(one, Slot) else one for one in parameters]


def _in_slot(slot: Slot, value: Any, link: Any) -> Any:
    if slot.simple and type(value) in _AS_THEY_ARE:
        return value
    return slot.output_field.get_db_prep_value(value, connection=link)


@dataclass(frozen=True, slots=True)
class _Query:
    """What the ORM has made of a query: its text, its parameters, and how a row is read."""

    statement: Statement
    parameters: tuple[Any, ...]
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]
    read: Callable[[list[Any]], Any]


class Prepared(Generic[R]):
    """A query with slots: `Prepared(lambda user: Grant.objects.filter(user_id=user), user=BigIntegerField())`.

    The rows are those of the queryset: model instances with what `select_related` names, or tuples for
    `values_list`. The number of slots is fixed, so it has no `__in` over a list.
    """

    def __init__(self, build: "Callable[..., models.QuerySet[Any, Any]]", **slots: "models.Field[Any, Any]") -> None:
        self._build, self._slots = build, slots
        self._queries: dict[str, _Query] = {}

    def rows(self, **values: Any) -> list[R]:
        """Return all rows for these values; none if a number is too large for the database to hold."""
        link = connections[DEFAULT_DB_ALIAS]  # asked once: the proxy `connection` looks it up at each word
        query = self._queries.get(link.vendor) or self._prepare()
        if any(isinstance(value, int) and abs(value) > _LARGEST for value in values.values()):
            return []
        found = query.statement.rows(link, filled(query.parameters, values))
        if not query.converters:
            return [query.read(row) for row in found]
        return [query.read(_converted(row, query, link)) for row in found]

    def first(self, **values: Any) -> R | None:
        """Return the first row, or None; the query itself should ask for no more than one."""
        rows = self.rows(**values)
        return rows[0] if rows else None

    def _prepare(self) -> _Query:
        queryset = self._build(**{name: Slot(name, kind) for name, kind in self._slots.items()})
        compiler = queryset.query.get_compiler(connection=connection)
        text, parameters = compiler.as_sql()
        converters = compiler.get_converters([column[0] for column in compiler.select])
        query = _Query(Statement(text), tuple(parameters), list(converters.items()), _reader(queryset, compiler))
        self._queries[connection.vendor] = query
        return query


def _converted(row: Any, query: _Query, link: Any) -> list[Any]:
    values = list(row)
    for position, (converters, expression) in query.converters:
        value = values[position]
        for convert in converters:
            value = convert(value, expression, link)
        values[position] = value
    return values


def _reader(queryset: Any, compiler: Any) -> Callable[[list[Any]], Any]:
    """Return what makes a row of the queryset from the values of one row of the database."""
    if queryset._iterable_class is NamedValuesListIterable:
        return create_namedtuple_class(*queryset._fields)._make
    if queryset._fields is not None:
        return tuple
    info, alias = compiler.klass_info, connection.alias
    model, fields = info["model"], info["select_fields"]
    start, end = fields[0], fields[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    related = get_related_populators(info, compiler.select, alias)  # type: ignore[call-arg]  # the stubs are of a later release

    def read(values: list[Any]) -> Any:
        instance = model.from_db(alias, names, values[start:end])
        for one in related:
            one.populate(values, instance)
        return instance

    return read


def update_where(model: type[models.Model], match: Mapping[str, Any], values: Mapping[str, Any]) -> int:
    """Give the rows whose fields equal `match` these values, and return how many there were."""
    if any(hasattr(value, "resolve_expression") for value in values.values()):
        return model._base_manager.filter(**match).update(**values)
    link = connections[DEFAULT_DB_ALIAS]
    statement, fields = _update(link.vendor, model, tuple(values), tuple(match))
    parameters = [
        value if simple and type(value) in _AS_THEY_ARE else _saved(field, value, link)
        for (field, simple), value in zip(fields, (*values.values(), *match.values()), strict=True)
    ]
    return statement.changed(link, parameters)


def _saved(field: Any, value: Any, link: Any) -> Any:
    if isinstance(value, models.TextChoices):
        return value.value
    return field.get_db_prep_save(value.pk if isinstance(value, models.Model) else value, connection=link)


@cache
def _update(
    vendor: str,
    model: type[models.Model],
    changed: tuple[str, ...],
    matched: tuple[str, ...],
) -> tuple[Statement, list[tuple[Any, bool]]]:
    quote, find = connection.ops.quote_name, model._meta.get_field
    fields: list[Any] = [model._meta.pk if name == "pk" else find(name) for name in (*changed, *matched)]
    columns = [f"{quote(field.column)} = %s" for field in fields]
    sets, conditions = ", ".join(columns[: len(changed)]), " AND ".join(columns[len(changed) :])
    statement = Statement(f"UPDATE {quote(model._meta.db_table)} SET {sets} WHERE {conditions}")  # noqa: S608 — names only
    return statement, [(field, type(getattr(field, "target_field", field)) in _SIMPLE) for field in fields]
