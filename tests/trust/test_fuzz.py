"""Requests made at random from the parameters and forms that there are: none is answered with a fault of ours.

``FUZZ_TIMES=20`` asks twenty times as much, with other requests each time; without it the same ones are made in each run.
"""

import os
from contextlib import ExitStack
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.test.utils import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heritage.public.parameters import FILTERS
from tests.registry.make import make_user
from tests.trust.addresses import OBJECT, addresses
from tests.trust.matrix_world import key_of, kind_of, orders, silence, world
from tests.trust.page_forms import fields

pytestmark = pytest.mark.django_db

TIMES = float(os.environ.get("FUZZ_TIMES", "1"))
PUBLIC, DESK, FORMS = 4600, 250, 150  # requests of a run

#: What no form hopes for: other kinds of values, ends of ranges, texts that are none.
ODD = [
    *["", "0", "-1", "1.5", "nan", "inf", "1e400", "2147483648", "9223372036854775808", "9" * 30, "9" * 5000, "1_0", "²", "١٢"],
    *["\0", "a\0b", "\ud7ff", "\u202e", "\ufeff", "𐍈" * 20, "x" * 3000, "'\"<script>", "%00", "_5F", "../..", "on", "true"],
    *["[]", "{}", "null", '{"en":5}', '{"en":NaN}', r'{"en":"\u0000"}', r'{"en":"\ud800"}', "[" * 3000, '{"type":"Point"}'],
    *["2021-13", "9999-99-99", "Y170000000000002", "-9999999999", "2021/", "1868~", "17XX", "../2021", "0000-00-00"],
    *["1,2,3", "1,2,3,4", "nan,nan,nan,nan", "-180,-90,180,90", "abc", "monument", "church", "name", "unknown"],
]  # fmt: skip
odd = st.sampled_from(ODD) | st.text(max_size=12)
LOOKUPS = ["", "", "__exact", "__in", "__isnull", "__gte", "__id__exact", "__contains", "__regex", "__isempty"]
OF_LISTS = [
    "q",
    "p",
    "o",
    "e",
    "all",
    "_facets",
    "missing",
    "attend",
    "editor",
    "_popup",
    "_to_field",
    "_changelist_filters",
]
OF_PAGES = ["zoom", "mode", "place", "lang", "format", "page", "on", "from", "to", "bins", "aspect", "term", "next"]
CODES = [str(code) for one in FILTERS.values() for code, _label in getattr(one.field, "choices", ())]
PAIRS = st.lists(
    st.tuples(st.sampled_from([*FILTERS, *OF_PAGES]), st.sampled_from([*ODD, *CODES])), min_size=1, max_size=3
)


def often(times):
    """Return how a test asks ``times`` requests."""
    return settings(
        max_examples=int(times * TIMES),
        derandomize=TIMES == 1,
        print_blob=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


class Desk:
    """A published register, a reader and a superuser, and the forms that the desk shows."""

    def __init__(self, objects):
        self.reader, self.curator = (Client(raise_request_exception=False) for _ in range(2))
        self.curator.force_login(make_user(is_superuser=True))
        self.asked = 0
        every = [(one, address) for address in addresses() for one in standing_in(objects, address)]
        self.public = sorted({there(one, address) for one, address in every if not address.startswith("admin")})
        self.public += 4 * [at for at in self.public if not at.endswith("/")]  # data, which cost a third of pages
        self.desk = sorted({there(one, address) for one, address in every if address.startswith("admin")} - UNSAFE)
        self.forms = list(
            self.forms_on([at for at in self.desk if at.endswith(("add/", "change/")) or "/decide/" in at])
        )

    def forms_on(self, pages):
        for address in pages:
            page = self.curator.get(address)
            if page.status_code == 200 and (found := fields(page)):
                yield address, found

    def ask(self, client, *request):
        """Send one request, undone afterwards; return its status."""
        self.asked += 1
        with transaction.atomic():
            answer = client.generic(*request)
            if answer.streaming:
                list(answer.streaming_content)
            transaction.set_rollback(True)
        assert answer.status_code < 500, f"{request[:2]} answers {answer.status_code}"


#: Where a request would begin a process, or end the session of all that follow.
UNSAFE = {"/admin/logout/", "/admin/password_change/"}


def standing_in(objects, address):
    return objects[kind_of(address)].values() if OBJECT in address else [None]


def there(one, address):
    return f"/{address.replace(OBJECT, key_of(address, one))}"


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker, tmp_path_factory):
    folders = {name: tmp_path_factory.mktemp(name) for name in ("MEDIA_ROOT", "IMPORTS_DIR", "DEPOSITS_DIR")}
    with ExitStack() as held:
        held.enter_context(django_db_blocker.unblock())
        held.enter_context(silence())
        held.enter_context(
            override_settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies", **folders)
        )
        held.enter_context(transaction.atomic())
        objects = world(make_user("contributor"))
        held.enter_context(orders(objects))
        yield Desk(objects)
        transaction.set_rollback(True)


def query(pairs):
    return "&".join(f"{quote(name, errors='replace')}={quote(value, errors='replace')}" for name, value in pairs)


def body(pairs):
    """Return pairs as a body of a form in parts, which may hold anything."""
    parts = [f'--part\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in pairs]
    return ("".join(parts) + "--part--\r\n").encode(errors="replace")


@often(PUBLIC)
@given(st.data())
def test_no_public_parameter_makes_the_register_stumble(desk, data):
    pairs = data.draw(PAIRS)
    desk.ask(desk.reader, "GET", f"{data.draw(st.sampled_from(desk.public))}?{query(pairs)}")


@often(DESK)
@given(st.data())
def test_no_address_of_the_desk_makes_it_stumble(desk, data):
    address = data.draw(st.sampled_from(desk.desk))
    if data.draw(st.integers(0, 4)) == 0:  # another key in the place of the object's
        parts = address.split("/")
        parts[4:5] = [quote(data.draw(odd)[:200], safe="", errors="replace")]
        address = "/".join(parts)
    names = [*OF_LISTS, *OF_PAGES, "app_label", "model_name", "field_name"]
    for model in admin.site._registry:
        if f"/{model._meta.model_name}/" in address:
            names += [field.name for field in model._meta.get_fields()] * 2
    name = st.builds(str.__add__, st.sampled_from(names), st.sampled_from(LOOKUPS))
    pairs = data.draw(st.lists(st.tuples(name, odd), min_size=1, max_size=3))
    if "autocomplete" in address:
        pairs += [("app_label", "registry"), ("model_name", "status"), ("field_name", "monument")]
    desk.ask(desk.curator, "GET", f"{address}?{query(pairs)}")


@often(FORMS)
@given(st.data())
def test_no_form_of_the_desk_makes_it_stumble(desk, data):
    address, shown = data.draw(st.sampled_from(desk.forms))
    sent = [(name.replace("__prefix__", "0"), value or "") for name, value in shown if value is not None]
    if data.draw(st.booleans()):  # a row is added to every table of the form
        sent = [(name, "1" if name.endswith("-TOTAL_FORMS") and value == "0" else value) for name, value in sent]
    names = sorted({name.replace("__prefix__", "0") for name, _value in shown})
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6)):
        what, value = data.draw(st.integers(0, 9)), data.draw(odd)
        if what > 1:
            sent = [pair for pair in sent if pair[0] != name]
        if what > 0:
            sent.append((name, value))
        if name.endswith("_FORMS") and value.isdecimal():
            sent = [(one, value[:1] if one == name else text) for one, text in sent]  # thousands of rows take seconds
    desk.ask(desk.curator, "POST", address, body(sent), "multipart/form-data; boundary=part")


def test_a_run_asks_five_thousand_requests(desk):
    assert desk.asked >= 5000 * TIMES
