"""Django's log of the admin kept titles of the desk's rows for whoever deletes an account; the journal tells what was done."""

from django.db import migrations


def forget_titles(apps, schema_editor):
    entries = apps.get_model("admin", "LogEntry").objects.filter(content_type__app_label="registry")
    entries.update(object_repr="", change_message="")


class Migration(migrations.Migration):
    dependencies = [
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("registry", "0007_custodians"),
    ]

    operations = [migrations.RunPython(forget_titles, migrations.RunPython.noop)]
