"""Every address × method × role × state of its object answers what ``allowed.txt`` says, and writes only where it says so."""

from contextlib import ExitStack
from fnmatch import fnmatchcase
from itertools import accumulate
from pathlib import Path
from zlib import crc32

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import override_settings

from tests.registry.make import make_user
from tests.trust.addresses import OBJECT, addresses
from tests.trust.matrix_world import ROLES, clients, close, key_of, kind_of, orders, posted, silence, world

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("allowed.txt")
#: Methods that the desk answers like GET. Every address is asked one of them in turn, by who may nothing and by who may all.
RARE, RARELY = ["HEAD", "PUT", "DELETE", "OPTIONS"], ["anonymous", "superuser"]
#: Who looks at a page: the others may what one of these may, which they show when they post to it.
LOOKING = [role for role in ROLES if role not in ("custodian", "administrator")]
#: Who asks for the further states of an object: the others may too little, or all, whatever its state.
OF_STATES = {"GET": ["reviewer"], "POST": ["contributor", "reviewer", "administrator"]}
#: Kinds of monuments have the pages of monuments: who may edit, and who may decide, ask for them.
SAME_PAGES = ("admin/registry/cemetery/", "admin/registry/site/", "admin/registry/collection/")
NO_OBJECT = "–"


class Undrawn:
    """Middleware that leaves out the drawing of the desk's pages: whether there is one is decided before."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_template_response(self, request, response):
        response.content = b""
        return response


class Written:
    """Notes the statements that write to the register."""

    def __init__(self):
        self.statements = []

    def __call__(self, execute, sql, params, many, context):
        if sql.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE"):
            self.statements.append(sql)
        return execute(sql, params, many, context)


def rows():
    """Return the rows of the table: (addresses, states, methods, {role: outcome})."""
    lines = [line for line in TABLE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    heading, *found = [[cell.strip() for cell in line.split("|")] for line in lines]
    assert heading == ["address", "object", "method", *ROLES]
    return [read(*row) for row in found]


def read(addresses, states, methods, *outcomes):
    """Return the cells of one row, with what is only meant written out."""
    methods = methods.replace("read", "GET, HEAD, PUT, DELETE, OPTIONS")
    told = accumulate(outcomes, lambda before, cell: before if cell == NO_OBJECT else cell)
    return addresses.split(), states.split(", "), methods.split(", "), dict(zip(ROLES, told, strict=True))


def fits(row, case):
    """Tell whether a row of the table is about (address, state, method)."""
    asked = (f"/{case[0]}", *case[1:])
    return all(any(fnmatchcase(one, pattern) for pattern in cell) for cell, one in zip(row[:3], asked, strict=True))


def outcome(answer, written):
    """Return what happened in the words of the table."""
    status = answer.status_code
    if status in (301, 302):
        to = answer["Location"]
        word = "login" if to.startswith("/admin/login/") else "moved" if status == 301 else "to"
    elif getattr(answer, "template_name", "") == "accounts/ended.html":  # with the way to the log-in
        word = "login"
    else:
        word = "page" if status == 200 else str(status)
    return f"{word}+written" if written else word


def ask(client, method, address, given):
    """Send one request, undone afterwards; return its outcome."""
    written = Written()
    signed_in = client.cookies.copy()
    with transaction.atomic(), connection.execute_wrapper(written):
        answer = client.generic(method, f"/{address}", *given)
        close(answer)
        transaction.set_rollback(True)
    client.cookies = signed_in
    return outcome(answer, written.statements)


def snapshot():
    """Return all rows of all tables."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        found = {}
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def asked(address, state, is_first):
    """Return (method, who asks with it) for ``address`` and an object in ``state``."""
    if address.startswith(SAME_PAGES) or not is_first:
        more = ["custodian"] if state == "sealed" else []
        return [(method, [*roles, *more]) for method, roles in OF_STATES.items()]
    in_turn = RARE if not address.startswith("admin") else [RARE[crc32(address.encode()) % len(RARE)]]
    return [("GET", LOOKING), ("POST", ROLES), *((method, RARELY) for method in in_turn)]


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker, tmp_path_factory):
    """Ask everything; return ({(address, state, method): {role: outcome}}, the register before, and after)."""
    folders = {name: tmp_path_factory.mktemp(name) for name in ("MEDIA_ROOT", "IMPORTS_DIR", "DEPOSITS_DIR")}
    with ExitStack() as held:
        held.enter_context(django_db_blocker.unblock())
        held.enter_context(silence())
        held.enter_context(
            override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies", **folders)
        )
        held.enter_context(transaction.atomic())
        custodian = make_user("contributor")
        by_role, objects = clients(custodian), world(custodian)
        held.enter_context(orders(objects))
        held.enter_context(override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, f"{__name__}.Undrawn"]))
        before = snapshot()
        found = {}
        # files go when a deposit is withheld, so what readers see is asked for first
        for address in sorted(addresses(), key=lambda one: one.startswith("admin")):
            kind = kind_of(address)
            states = list(objects[kind].items()) if OBJECT in address else [(NO_OBJECT, None)]
            for state, one in states:
                there = address.replace(OBJECT, key_of(address, one))
                for method, roles in asked(address, state, state == states[0][0]):
                    given = posted(address, one) if method == "POST" else ()
                    case = found.setdefault((address, state, method), {})
                    case.update({role: ask(by_role[role], method, there, given) for role in roles})
        yield found, before, snapshot()
        transaction.set_rollback(True)


def test_every_address_answers_every_role_as_the_table_says(answers):
    table = rows()
    wrong = []
    for case, by_role in answers[0].items():
        row = next((row for row in table if fits(row, case)), None)
        if row is None:
            wrong.append(f"{' | '.join(case)} is not in the table; it answers {by_role}")
            continue
        wrong += [
            f"{' | '.join(case)} answers {role} with {found}; the table says {row[3][role]}"
            for role, found in by_role.items()
            if found != row[3][role]
        ]
    assert not wrong, "\n".join(wrong)


def test_every_row_of_the_table_is_about_an_address(answers):
    table = rows()
    used = {id(next(row for row in table if fits(row, case))) for case in answers[0]}
    assert [row[:3] for row in table if id(row) not in used] == []


def test_what_is_refused_and_what_is_only_looked_at_leaves_the_register_as_it_was(answers):
    _found, before, after = answers
    assert {table: rows for table, rows in after.items() if rows != before[table]} == {}
