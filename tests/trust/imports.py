"""What the tests of imports share: a contributor with a folder of imports, and a mapping with one more table."""

from tests.intake.desk import at, bring, fresh, read
from tests.registry.conftest import signed_in
from tests.stock import install_vocabularies

LIST = "k,name\n1,Chapel\n2,Mill\n3,Bridge\n"
MAPPING = """
[supplier]
name = "Office"
kind = "state_body"
source = "List"
licence = "CC0"
attribution = "Office"
[identifier]
scheme = "Numbers"
column = "k"
[record]
label = "{name}"
"""
LOOKUP = '[[lookup]]\nfile = %s\nkey = "k"\nvalue = "v"\ncolumn = "k"\nas = "w"\n'
JOIN = '[[join]]\nfile = %s\nkey = "k"\nas = "w"\n'
MEDIA = '[[media]]\nfile = %s\nkey = "k"\ntitle = "{v}"\n'


def contributor_at(settings, tmp_path):
    """Return a contributor, signed in, at a register whose imports wait in a folder of this test."""
    install_vocabularies()
    settings.IMPORTS_DIR = tmp_path / "imports"
    return signed_in("contributor")


def preview(client, batch, text, do="preview"):
    """Press the button below a mapping written as text; return what a person reads."""
    answer = client.post(at("text", batch), {"toml": text, "name": "office-list", "do": do}, follow=True)
    assert answer.status_code == 200
    return read(answer)


__all__ = ["JOIN", "LIST", "LOOKUP", "MAPPING", "MEDIA", "at", "bring", "contributor_at", "fresh", "preview", "read"]
