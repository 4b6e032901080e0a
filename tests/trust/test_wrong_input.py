"""Wrong input at the desk: the page again with what was typed and a message at its field, or 400 or 404; never a fault of ours."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse

from heritage.registry.models import Monument, Place, Term
from heritage.wsgi import application
from tests.registry.make import make_monument, make_source, make_status, make_term, make_user
from tests.trust.page_forms import sent_by_browser

pytestmark = pytest.mark.django_db

#: What may stand where a key is expected.
NO_KEYS = ["abc", "-1", "1.5", "[]", "²", "99999999999999999999999", "9" * 5000]
ADD_PAGES = {
    "status": ["monument", "place", "claimant", "effects", "cause", "agent"],
    "attribution": ["monument", "place", "claimant"],
    "protection": ["monument", "kind", "authority", "binds"],
    "count": ["monument", "predicate", "part_of_count"],
    "monument": ["types"],
    "cemetery": ["types"],
    "media": ["monument", "source", "pair_of", "derived_from"],
    "source": ["kind", "derives_from"],
    "term": ["broader"],
}


@pytest.fixture
def client():
    """A superuser's browser: every page of the desk opens, and a fault is an answer."""
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user(is_superuser=True))
    return browser


def errors_of(answer):
    """Return the messages of the page's form by field."""
    return {name: list(found) for name, found in answer.context["adminform"].form.errors.items()}


def add_term(client, **given):
    fields = {
        "vocabulary": "monument_type",
        "code": "tower",
        "order": "0",
        "mappings": "{}",
        "labels": '{"en": "Tower"}',
    }
    return client.post("/admin/registry/term/add/", fields | given)


# Keys


@pytest.mark.parametrize("page", ADD_PAGES)
def test_an_address_that_fills_in_what_is_no_key_opens_the_form_without_it(client, page):
    for value in ["abc", "²", "[]", "9" * 23, "9" * 5000]:
        asked = dict.fromkeys(ADD_PAGES[page], value)
        assert client.get(f"/admin/registry/{page}/add/", asked).status_code == 200, value[:30]


def test_a_key_that_is_one_still_fills_in_the_form(client):
    monument = make_monument("Saint John")

    page = client.get("/admin/registry/status/add/", {"monument": monument.pk}).content.decode()

    assert f'<option value="{monument.pk}" selected>Saint John</option>' in page


@pytest.mark.parametrize("value", NO_KEYS)
def test_a_posted_choice_that_is_no_key_is_told_at_its_field_and_the_rest_is_kept(client, value):
    answer = client.post("/admin/registry/source/add/", {"title": "Typed title", "kind": value, "publisher": "Typed"})

    assert answer.status_code == 200
    assert "kind" in errors_of(answer)
    assert 'value="Typed title"' in answer.content.decode()


@pytest.mark.parametrize("value", ["abc", "-1", "\0", "99999999999999999999999"])
def test_a_record_is_not_merged_into_what_is_no_key(client, value):
    monument = make_monument()
    address = f"/admin/registry/monument/{monument.pk}/decide/merge/"

    answer = client.post(address, {"into": value, "reason": "The same."})

    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == ["into"]
    assert "The same." in answer.content.decode()


@pytest.mark.parametrize("key", ["abc", "-1", "9" * 30, "%00", "_5F_2F", "1.0", "..%2F1", "%FF"])
def test_a_page_of_what_is_no_key_is_not_found(client, key):
    for end in ("change", "history", "delete", "preview", "decide/submit"):
        assert client.get(f"/admin/registry/monument/{key}/{end}/").status_code in (302, 404), end


@pytest.mark.parametrize("value", ["99999999999999999999999", "-99999999999999999999999"])
def test_several_choices_one_of_them_too_large_for_any_column_are_not_understood(client, value):
    answer = client.post("/admin/registry/monument/add/", {"label": "X", "types": ["1", value]})

    assert answer.status_code in (200, 400)
    assert not Monument.objects.exists()


# Lists and pickers


@pytest.mark.parametrize(
    "asked",
    [
        "kind__exact=%00",
        "q=%00",
        "%00=1",
        "p=99999999999999999999",
        "p=abc",
        "o=abc.-99",
        "missing=%00",
        "_facets=%00",
        "edited_by__id__exact=99999999999999999999999",
        "all=%00",
        "e=1",
        "access_level__exact=%ED%A0%80",
        "id__in=9" * 9,
        "note__regex=(a%2B)%2B%24",
        "label__iregex=(a%2B)%2B%24",
        "content_warnings__contains=a",
        "_popup=1&_to_field=%00",
    ],
)
@pytest.mark.parametrize("page", ["monument", "source"])
def test_a_list_asked_with_what_it_does_not_know_is_shown_or_refused(client, page, asked):
    answer = client.get(f"/admin/registry/{page}/?{asked}")

    assert answer.status_code in (200, 302, 400)


def test_a_list_is_not_asked_with_expressions_that_take_for_ever(client):
    make_monument("a" * 40)

    assert client.get("/admin/registry/monument/", {"label__regex": "^(a+)+$"}).status_code == 400
    assert client.get("/admin/registry/monument/", {"label__iregex": "x"}).status_code == 400


PICKER = {"app_label": "registry", "model_name": "status", "field_name": "monument", "term": ""}


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"term": "\0"}, 400),
        ({"app_label": "nothing"}, 403),
        ({"model_name": "nothing"}, 403),
        ({"field_name": "nothing"}, 403),
        ({"field_name": "summary"}, 403),
        ({"model_name": "monument", "field_name": "claims"}, 403),
        ({"model_name": "monument", "field_name": "locations"}, 403),
        ({"page": "abc"}, 404),
        ({"page": "99999999999999999999999"}, 404),
        ({"field_name": "\0"}, 400),
    ],
)
def test_a_picker_asked_for_what_it_does_not_offer_refuses(client, wrong, status):
    assert client.get("/admin/autocomplete/", PICKER | wrong).status_code == status


# What is typed


@pytest.mark.parametrize(
    ("labels", "message"),
    [
        ("0", "Write names and texts in braces"),
        ("[1]", "Write names and texts in braces"),
        ('["en"]', "Write names and texts in braces"),
        ('"Tower"', "Write names and texts in braces"),
        ('{"en": 1}', "Write names and texts in braces"),
        ('{"en": null}', "Write names and texts in braces"),
        ('{"en": {"en": "Tower"}}', "Write names and texts in braces"),
        ('{"en": NaN}', "Write names and texts in braces"),
        ("9" * 5000, "Write names and texts in braces"),
        ("[" * 100_000, "This is nested too deeply."),
        ("[]", "This field is required."),
        ("{}", "This field is required."),
        ("null", "This field is required."),
        ("Tower", "Enter a valid JSON."),
        ('{"english": "Tower"}', "“english” is no language tag."),
        ('{"en": " "}', "The text of “en” is empty."),
        (r'{"en": "\u0000"}', "is invisible or not text"),
        (r'{"en": "\ud800"}', "is invisible or not text"),
        ('{"en": "Tow\u202eer"}', "is invisible or not text"),
    ],
)
def test_labels_that_are_no_texts_by_language_are_told_at_their_field(client, labels, message):
    answer = add_term(client, labels=labels)

    assert answer.status_code == 200
    assert list(errors_of(answer)) == ["labels"]
    assert message in errors_of(answer)["labels"][0]
    assert not Term.objects.exists()


def test_the_labels_of_a_term_that_is_there_stay_when_wrong_ones_are_sent(client):
    term = make_term()
    address = reverse("admin:registry_term_change", args=[term.pk])
    given = sent_by_browser(client.get(address)) | {"labels": "0", "mappings": "[[1]]"}

    answer = client.post(address, given)

    assert (answer.status_code, set(errors_of(answer))) == (200, {"labels", "mappings"})
    assert Term.objects.get().labels == {"en": "Church"}


def test_texts_by_language_are_saved(client):
    assert add_term(client, labels='{"en": "Tower", "hy": "Աշտարակ", "az-Cyrl": "Гала"}').status_code == 302
    assert json.loads(json.dumps(Term.objects.get().labels)) == {"en": "Tower", "hy": "Աշտարակ", "az-Cyrl": "Гала"}


@pytest.mark.parametrize("end", ["", "7"])
def test_a_time_code_without_a_source_is_told_and_what_was_typed_stays(client, end):
    status = make_status()
    address = reverse("admin:registry_status_change", args=[status.pk])
    given = sent_by_browser(client.get(address)) | {
        "citations-TOTAL_FORMS": "1",
        "citations-0-timecode_start": "5",
        "citations-0-timecode_end": end,
        "citations-0-locator": "Typed locator",
        "citations-0-role": "asserts",
        "citations-0-directness": "primary",
        "summary": "Typed summary.",
    }

    answer = client.post(address, given)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["inline_admin_formsets"][0].formset.errors == [{"source": ["This field is required."]}]
    assert 'value="Typed locator"' in page
    assert "Typed summary." in page


@pytest.mark.parametrize("value", ["nan", "inf", "-Infinity", "1e400", "1e-400", "sNaN", "\0", "[1]", "9" * 5000])
def test_a_coordinate_that_is_no_number_of_degrees_is_told_at_its_field(client, value):
    answer = client.post("/admin/registry/place/add/", place(latitude=value, longitude="46.75"))

    assert (answer.status_code, "latitude" in errors_of(answer)) == (200, True)


@pytest.mark.parametrize(
    "footprint",
    [
        "[" * 100000,
        '{"type": "Polygon", "coordinates": ' + "[" * 600 + "]" * 600 + "}",
        '{"type": "Point", "coordinates": [NaN, 1]}',
        '{"type": "Point", "coordinates": [1e999, 1]}',
        '{"type": [], "coordinates": [1, 1]}',
        "null",
        "0",
        "9" * 5000,
    ],
)
def test_a_footprint_that_is_no_geometry_is_told_at_its_field(client, footprint):
    given = monument() | rows("locations", wording="By the river", footprint=footprint, method="")

    answer = client.post("/admin/registry/monument/add/", given)

    assert answer.status_code == 200
    assert list(answer.context["inline_admin_formsets"][1].formset.errors[0]) == ["footprint"]


@pytest.mark.parametrize("date", ["9" * 30, "Y99999999999999999999", "-" + "9" * 20, "2021-13", "\0", "Y1e99999"])
def test_a_date_out_of_all_range_is_told_at_its_field(client, date):
    answer = client.post("/admin/registry/source/add/", source(date=date))

    assert answer.status_code == 200
    assert "date" in errors_of(answer)


# The form itself


@pytest.mark.parametrize("total", ["abc", "-1", "", "\0", "1000000000"])
@pytest.mark.parametrize("which", ["TOTAL", "INITIAL"])
def test_a_forged_number_of_rows_is_told_and_saves_nothing(client, which, total):
    answer = client.post("/admin/registry/monument/add/", monument() | {f"names-{which}_FORMS": total})

    assert answer.status_code in (200, 302, 400)
    assert Monument.objects.count() == (1 if answer.status_code == 302 else 0)


@pytest.mark.parametrize("field", ["started_from", "save_over"])
@pytest.mark.parametrize("value", ["abc", "\0", ".a:b:c", "é", "x" * 100_000])
def test_a_forged_mark_of_the_revision_saves_nothing(client, field, value):
    row = make_source("Untouched")
    address = reverse("admin:registry_source_change", args=[row.pk])
    given = sent_by_browser(client.get(address)) | {"title": "Typed", "started_from": "", field: value}

    answer = client.post(address, given)

    row.refresh_from_db()
    assert (answer.status_code, row.title) == (200, "Untouched")
    assert 'value="Typed"' in answer.content.decode()


def test_fields_that_are_sent_twice_count_once(client):
    given = sent_by_browser(client.get("/admin/registry/place/add/"))

    answer = client.post("/admin/registry/place/add/", given | {"label": ["First", "Second"], "kind": "village"})

    assert (answer.status_code, Place.objects.get().label) == (302, "Second")


# The request itself


@pytest.mark.parametrize("charset", ["rot13", "undefined", "idna", "utf-16", "utf-7", "latin-1"])
def test_a_body_in_another_encoding_than_utf_8_is_not_understood(client, charset):
    boundary = "multipart/form-data; boundary=x; charset=" + charset
    body = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nTitle\r\n--x--\r\n'

    for kind in (boundary, f"application/x-www-form-urlencoded; charset={charset}"):
        assert client.generic("POST", "/admin/registry/source/add/", body, kind).status_code == 400


def served(path, query, **more):
    """Return the status that the application of the server answers, without the test client's own request."""
    environ = RequestFactory()._base_environ(PATH_INFO=path, QUERY_STRING=query, **more)
    statuses = []
    answer = application(environ, lambda status, _headers: statuses.append(int(status[:3])))
    b"".join(answer)
    answer.close()
    return statuses[0]


@pytest.mark.django_db(transaction=True)  # the application takes connections of its own
@pytest.mark.parametrize("charset", ["rot13", "undefined", "utf-16", "nonsense", "é", "latin-1"])
def test_an_address_is_read_as_utf_8_whatever_encoding_is_declared(charset):
    declared = {"CONTENT_TYPE": f"text/plain; charset={charset}"}

    assert served("/", "", **declared) == 200
    assert served("/monuments.json", "q=church", **declared) == 200
    assert served("/admin/", "x=1", **declared) == 302
    assert served("/admin/login/", "x=1", REQUEST_METHOD="POST", **declared) == 400


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=", b"--x\r\n"),
        ("multipart/form-data; boundary=\xff", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"\"\r\n\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n!\r\n--x--"),
        ("multipart/form-data; boundary=x", b"\xff\xfe" * 100),
        ("multipart/form-data; boundary=x", b""),
        ("application/x-www-form-urlencoded", b"title=%FF%FE&%00=%00&a;b=&=&&"),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=" % n for n in range(1200))),
        ("application/json", b"{"),
        ("", b"title=x"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/admin/login/", "/admin/registry/source/add/", "/admin/registry/media/add/"])
def test_a_body_that_is_no_form_is_refused_or_shows_the_form(client, address, kind, body):
    assert client.generic("POST", address, body, kind).status_code in (200, 400)


@pytest.mark.parametrize("name", ["", "..", "a\0b.jpg", "x" * 3000, "\u202e.gpj", "/etc/passwd"])
def test_a_file_of_any_name_is_taken_or_told_at_its_field(client, name, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("x", b"GIF89a", content_type="nonsense")
    upload._name = name

    answer = client.post(
        "/admin/registry/media/add/", {"label": "X", "kind": "image", "access_level": "curators", "upload": upload}
    )

    assert answer.status_code in (200, 302, 400)


@pytest.mark.parametrize(
    "given", [{"username": "\0", "password": "\0"}, {"username": "x" * 5000, "password": "\ud7ff"}, {"next": "\0"}]
)
def test_the_log_in_refuses_what_no_name_is(given):
    answer = Client(raise_request_exception=False).post("/admin/login/", given)

    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()


# Forms, filled in


def source(**given):
    kind = make_term("source_kind", "report")
    filled = {"title": "Report", "kind": kind.pk, "read_state": "in_full", "access_level": "public"}
    return filled | {"stance": "independent", "standard_of_proof": "none", "hi_basis": "stated"} | given


def place(**given):
    return (
        {"label": "Village", "kind": "village", "access_level": "public"} | rows("names") | rows("memberships") | given
    )


def monument(**given):
    filled = {"label": "Chapel", "kind": "monument", "public_precision": "exact", "access_level": "public"}
    return filled | rows("names") | rows("locations") | rows("relations") | given


def rows(prefix, **first):
    """Return what a formset sends: no rows, or the first one as given."""
    counts = {f"{prefix}-TOTAL_FORMS": str(int(bool(first))), f"{prefix}-INITIAL_FORMS": "0"}
    return counts | {f"{prefix}-0-{name}": value for name, value in first.items()}
