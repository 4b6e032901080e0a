"""The timeline: first and last day of each happening, and counts of happenings by year and month.

Rows of an existing index get empty values; ``rebuild_catalogue`` makes them anew.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("catalogue", "0004_facets"),
    ]

    operations = [
        migrations.CreateModel(
            name="HappeningCount",
            fields=[
                ("pk", models.CompositePrimaryKey("choice", "mode", "unit", "number", blank=True, editable=False, primary_key=True, serialize=False)),
                ("choice", models.CharField(blank=True, max_length=80)),
                ("mode", models.CharField(max_length=11)),
                ("unit", models.CharField(max_length=10)),
                ("number", models.BigIntegerField()),
                ("begun", models.IntegerField(default=0)),
                ("ended", models.IntegerField(default=0)),
                ("opening", models.IntegerField(default=0)),
                ("closing", models.IntegerField(default=0)),
                ("within", models.IntegerField(default=0)),
            ],
            options={
                "verbose_name": "count of happenings",
                "verbose_name_plural": "counts of happenings",
            },
        ),
        migrations.AddField("happening", "since", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("happening", "until", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("happening", "frame", models.CharField(max_length=20, null=True)),
        migrations.AddField("happening", "dated", models.CharField(default="", max_length=300), preserve_default=False),
        migrations.AddIndex(
            model_name="happening",
            index=models.Index(fields=["mode", "until", "id"], name="happening_mode_until"),
        ),
        migrations.AddIndex(
            model_name="happening",
            index=models.Index(
                condition=models.Q(("frame__isnull", False)),
                fields=["mode", "frame", "until", "id", "since"],
                name="happening_mode_frame",
            ),
        ),
    ]
