"""The page that tells what a mapping can say: held to the schema, so that nothing is left out or out of date."""

import tomllib

import pytest
from django.urls import reverse

from heritage.intake import schema
from heritage.intake.explaining import ABOUT, EXAMPLES, KINDS, TITLE, codes, example, tables
from heritage.intake.fitting import unknown_codes
from heritage.intake.mapping import parse
from tests.intake.desk import read

WHOLE = "\n".join([TITLE, *(example(name) for name in EXAMPLES)])
EVERY = schema.TABLES | schema.LISTS


def test_every_key_says_what_it_means():
    silent = [
        f"{name}.{key}"
        for name, keys in {**EVERY, "pick": schema.PICK, "date": schema.DATE, "": schema.TOP}.items()
        for key, rules in keys.items()
        if not rules.says
    ]

    assert silent == []
    assert ABOUT.keys() == EXAMPLES.keys() == EVERY.keys()
    assert {rules.kind for keys in EVERY.values() for rules in keys.values()} <= {kind for kind, _says, _sign in KINDS}


def test_the_examples_together_are_a_mapping_that_uses_every_key():
    parse(WHOLE)
    given = tomllib.loads(WHOLE)

    written = {name: given[name] if name in schema.TABLES else given[name][0] for name in EVERY}
    claims = {key for name in schema.CLAIMS for key in written[name]}
    unused = [
        f"{name}.{key}"
        for name, keys in EVERY.items()
        for key in keys
        if key not in written[name] and not (name in schema.CLAIMS and key in claims)
    ]
    inner = [value for table in written.values() for value in table.values() if isinstance(value, dict)]
    assert unused == []
    assert {*schema.PICK, *schema.DATE} <= {key for value in inner for key in value}


@pytest.mark.django_db
def test_the_codes_in_the_examples_are_ours(terms):
    faults = [one for one in unknown_codes(parse(WHOLE)) if "reference-of-the-place" not in one]

    assert faults == []
    assert ("bridge", "Bridge") in dict(codes())["record.types"]


@pytest.mark.parametrize(("kind", "_says", "sign"), KINDS)
def test_the_sign_of_each_kind_of_value_is_toml(kind, _says, sign):
    assert tomllib.loads(f"value = {sign}")


def test_the_page_tells_of_every_key_and_is_linked_where_mappings_are_written(contributor, client):
    address = reverse("admin:intake_mapping_keys")

    answer = contributor.get(address)

    page = answer.content.decode()
    assert [key for table in tables() for key in table.keys if f"<code>{key}</code>" not in page] == []
    assert "By what a record is known again" in read(answer)
    assert f'href="{address}"' in contributor.get(reverse("admin:intake_mapping_add")).content.decode()
    assert client.get(address).status_code == 302
