"""Every address of the desk, taken from the URL resolver and visited as every role: only custodians find what is sealed."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from heritage.intake.admin.actions import NEEDED
from heritage.registry.admin.decisions import VERBS
from tests.registry.make import make_user
from tests.trust.matrix_world import silence
from tests.trust.sealed_world import MARK, MARKS, sealed_desk

SOUGHT = re.compile(MARK + "[a-z]+")
#: Where a search for what is sealed, in small letters, is put.
SEARCH = f"q={MARK.lower()}"
#: Whom to visit as. Lists show all rows to each; the superuser, who has every permission, also opens every row.
ROLES = ["nobody", "contributor", "reviewer", "administrator", "superuser"]
LISTS = ["", f"?{SEARCH}", "?missing=claim"]
#: Addresses that show no row of the desk, or are visited on their own.
PASSED_OVER = {"admin:login", "admin:logout", "admin:view_on_site", "admin:autocomplete", "admin:jsi18n"}


@pytest.fixture(scope="module")
def desk(django_db_setup, django_db_blocker, tmp_path_factory):
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock(), silence(), transaction.atomic():
        yield sealed_desk()
        transaction.set_rollback(True)
    settings.MEDIA_ROOT = before


def patterns(resolver, namespaces=()):
    """Yield (name with its namespaces, names of its arguments) of every address."""
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            if one.name:
                yield ":".join([*namespaces, one.name]), tuple(one.pattern.regex.groupindex)
        else:
            yield from patterns(one, [*namespaces, *([one.namespace] if one.namespace else [])])


def keys_of(name, whole):
    """Return the keys of the rows that an address of a table is asked for: all, or one that is sealed and one that is not."""
    for model in apps.get_models():
        table = f"admin:{model._meta.app_label}_{model._meta.model_name}_"
        if name.startswith(table):
            rows = model._base_manager.order_by("pk")
            stranger = get_user_model()(pk=0)
            seen = model.objects.visible_to(stranger) if hasattr(model.objects, "visible_to") else rows
            sealed = rows.exclude(pk__in=list(seen.values_list("pk", flat=True))).values_list("pk", flat=True)
            others = rows.exclude(pk__in=list(sealed)).values_list("pk", flat=True)
            has_history_elsewhere = model._meta.model_name in ("journal", "review") and name != f"{table}change"
            if whole and sealed and not model._meta.proxy and not has_history_elsewhere:
                return [*sealed, *others]
            return [*sealed[:1], *others[:1]]
    return []


def values_of(name, argument, whole):
    known = {
        "row": apps.get_model("intake.row").objects.values_list("pk", flat=True),
        "name": ["returned", "drafts", "submitted", "review", "changed", "imports"],
        "app_label": ["registry", "intake", "archive", "auth"],
        "ref": ["nothing"],
        "verb": [*NEEDED, "check"] if name.endswith("_do") else VERBS,
    }
    return list(known[argument]) if argument in known else keys_of(name, whole)


def combined(name, arguments, whole):
    found = [{}]
    for argument in arguments:
        found = [{**one, argument: value} for one in found for value in values_of(name, argument, whole)]
    return found


def addresses(whole):
    """Return every address of the desk, for the rows that ``keys_of`` tells; lists also searched and filtered."""
    found = []
    for name, arguments in patterns(get_resolver()):
        if not name.startswith("admin:") or name in PASSED_OVER:
            continue
        for given in combined(name, arguments, whole):
            address = reverse(name, kwargs=given)
            found += [f"{address}{query}" for query in (LISTS if name.endswith("_changelist") else [""])]
    return [*dict.fromkeys(found), *pickers(), *narrowed()]


def pickers():
    """Return the addresses of every autocompletion of the desk that looks for rows which can be sealed."""
    found = []
    for model in apps.get_app_config("registry").get_models():
        for field in model._meta.concrete_fields:
            if field.remote_field and not field.primary_key and hasattr(field.related_model, "sealed_with"):
                of = f"app_label=registry&model_name={model._meta.model_name}&field_name={field.name}"
                found.append(f"{reverse('admin:autocomplete')}?{of}&term={MARK.lower()}")
    return found


def narrowed():
    """Return lists asked for by what the rows lead to."""
    found = []
    for name, fields in {
        "source": ["derives_from"],
        "media": ["source", "pair_of", "monument"],
        "count": ["part_of_count"],
    }.items():
        model = apps.get_model("registry", name)
        for field in fields:
            keys = model._meta.get_field(field).related_model._base_manager.values_list("pk", flat=True)
            found += [f"{reverse(f'admin:registry_{name}_changelist')}?{field}={key}" for key in keys]
    return found


def client_of(role, desk):
    client = Client()
    if role == "custodian":
        user = desk.custodian
    elif role == "superuser":
        user = get_user_model().objects.create_superuser("superuser")
    else:
        user = make_user(None if role == "nobody" else role)
    client.force_login(user)
    return client


def body_of(answer):
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{answer.headers}{content.decode('latin-1')}"


def found_by(client, whole):
    """Return {mark: the first address that showed it}."""
    found = {}
    for address in addresses(whole):
        answer = client.get(address)
        assert answer.status_code < 500, address
        for one in SOUGHT.findall(body_of(answer)):
            found.setdefault(one, address)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nobody_but_its_custodians_finds_what_is_sealed_at_any_address_of_the_desk(desk, role):
    assert found_by(client_of(role, desk), whole=role == "superuser") == {}


@pytest.mark.django_db
def test_a_custodian_finds_all_of_it(desk):
    assert set(found_by(client_of("custodian", desk), whole=True)) == MARKS


@pytest.mark.django_db
def test_nothing_that_others_keep_is_changed_by_posting_to_its_addresses(desk):
    client = client_of("superuser", desk)
    rows = [*desk.sealed, desk.monument, desk.place, desk.source, desk.merged]
    before = [(type(one)._base_manager.filter(pk=one.pk).values().get()) for one in rows]
    given = {
        "post": "yes",
        "reason": "x",
        "do": "confirm",
        "level": "public",
        "by_claimant": "no",
        "reason_class": "rights",
    }

    for row in rows:
        base = f"/admin/registry/{row._meta.model_name}/{row.pk}"
        pages = [
            "change",
            "delete",
            "history",
            "lower",
            "retract",
            "supersede",
            "preview",
            *(f"decide/{verb}" for verb in VERBS),
        ]
        for page in pages:
            answer = client.post(f"{base}/{page}/", given)
            assert answer.status_code in (302, 404), (base, page)
            assert SOUGHT.findall(body_of(answer)) == []

    assert [(type(one)._base_manager.filter(pk=one.pk).values().get()) for one in rows] == before
