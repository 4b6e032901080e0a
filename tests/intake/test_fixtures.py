"""What imports leave behind goes through ``dumpdata`` and ``loaddata`` by natural keys."""

import pytest
from django.apps import apps
from django.core.management import call_command

from heritage.intake.deciding import decide
from heritage.intake.models import Resemblance
from heritage.intake.planning import begin, plan
from tests.intake.lists import MAPPING, listed, mapping, row


def dumped(path):
    natural = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    call_command(
        "dumpdata", "registry", "auth.user", "intake", format="jsonl", output=str(path), verbosity=0, **natural
    )
    return sorted(path.read_text().splitlines())


@pytest.mark.django_db(transaction=True)
def test_every_table_of_imports_goes_through_dumpdata_and_loaddata(tmp_path, applied, contributor):
    how = mapping(tmp_path)
    applied(listed(tmp_path, row(id="1"), row(id="2", name="Mill"), row(id="")), how)
    applied(listed(tmp_path, row(id="1", condition="bad"), name="shorter.csv"), how)
    other = tmp_path / "other.toml"
    other.write_text(MAPPING.replace("Office", "Society"))
    batch = plan(begin(str(listed(tmp_path, row(id="A"), row(id="B", name="Mill"), name="o.csv")), str(other)))
    first, _second = Resemblance.objects.order_by("pk")
    decide(first, same=False)
    assert contributor.post("/admin/intake/mapping/add/", {"name": "small", "text": MAPPING}).status_code == 302

    before = dumped(tmp_path / "before.jsonl")
    tables = [model for model in apps.get_app_config("intake").get_models() if not model.objects.exists()]
    assert tables == []
    call_command("flush", interactive=False, verbosity=0)
    call_command("loaddata", "groups", str(tmp_path / "before.jsonl"), verbosity=0)

    assert dumped(tmp_path / "after.jsonl") == before
    assert batch.rows.model.objects.filter(outcome="vanished").count() == 1
