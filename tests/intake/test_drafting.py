"""A mapping made column by column: to TOML and back, nothing lost, and what a form cannot show is noticed."""

import pytest

from heritage.intake import mapping as mappings
from heritage.intake.drafting import MANY, PLAIN, ROLES, WORDED, tables_of, text_of
from heritage.intake.mapping import parse
from heritage.intake.rereading import draft_of

COLUMNS = [role or "unused" for role, _words in ROLES]


def draft(**said):
    """Return a draft in which every role has a column of its name."""
    columns = [
        {"column": role or "unused", "role": role, "language": "fr" if "name" in role else "", "separator": ""}
        for role, _words in ROLES
    ]
    plain = dict.fromkeys(PLAIN, "") | {"header": "1"}
    plain |= {"supplier": "S", "supplier_kind": "ngo", "source": "List", "licence": "CC0", "attribution": "S"}
    plain |= {"scheme": "Numbers", "label": "{name} ({wording})"}
    return {**plain, "words": {}, "columns": columns, **said}


def test_a_draft_with_every_role_is_a_mapping_and_comes_back_as_it_was():
    given = draft(
        empty="NULL|-",
        date_languages="fr, en",
        window="1930-2029",
        date_order="dmy",
        list_date="2014-10",
        words={"type": {"words": {"église": "church"}, "ignored": ["autre"]}},
    )

    back, says_all = draft_of(text_of(given), COLUMNS)

    assert says_all
    assert {name: back[name] for name in PLAIN} == {**{name: given[name] for name in PLAIN}, "geometry": False}
    assert [one["role"] for one in back["columns"]] == [one["role"] for one in given["columns"]]
    assert back["words"]["type"] == {"words": {"église": "church"}, "ignored": ["autre"], "unmapped": "leave_out"}


def test_text_with_quotation_marks_and_line_breaks_stays_what_it_is():
    given = draft(supplier='The "Office"\nof [Monuments]\\', empty="'|\"")

    mapping = parse(text_of(given))

    assert mapping.supplier.name == 'The "Office"\nof [Monuments]\\'
    assert mapping.file.empty == ("'", '"')


def test_words_wait_for_their_codes_and_are_not_taken_for_codes():
    mapping = parse(text_of(draft()))

    assert mapping.observation[0].value.words == {}
    assert [mapping.record.types.unmapped, mapping.record.kind.unmapped] == [WORDED["type"], WORDED["kind"]]


def test_what_is_not_said_is_not_in_the_mapping():
    columns = [{"column": "id", "role": "identifier", "language": "", "separator": ""}]

    assert tables_of(draft(columns=columns)).keys() == {"supplier", "identifier", "record"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["cairo", "quebec", "sistan", "ukraine"])
def test_mappings_that_come_with_the_program_say_more_than_a_form(name):
    _draft, says_all = draft_of(mappings.text_of(name), [])

    assert not says_all


def test_only_some_roles_may_be_given_to_several_columns():
    assert {role for role, _words in ROLES} > MANY
    assert "identifier" not in MANY
