"""Words that very many entries have are counted on PostgreSQL as far as readers are told, and no further."""

import pytest
from django.db import connection

from heritage.catalogue import engines
from heritage.catalogue.engines import ANYWHERE, Clause, PostgreSQL
from heritage.catalogue.publish import publish
from tests.registry.make import make_publishable_monument

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL: SQLite counts fast enough"),
]


@pytest.mark.parametrize(("told", "sure", "number"), [(1000, 2, 50), (1000, 5, 3), (90, 2, 3), (0, 2, 3)])
def test_statistics_are_believed_where_they_tell_of_many_and_as_many_as_are_told_are_there(
    monkeypatch, told, sure, number
):
    publish([make_publishable_monument(f"Zvartnots {step}") for step in range(3)])
    monkeypatch.setattr(engines, "SURE", sure)
    monkeypatch.setattr(PostgreSQL, "common_lexemes", lambda self: {"zvartnots": told} if told else {})
    engine = PostgreSQL(connection)
    expression = engine.expression([Clause(terms=("zvartnots",))], ANYWHERE)

    assert engine.count(expression, None, 50) == number
