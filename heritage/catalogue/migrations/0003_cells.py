"""The map: a key of each position, and ready counts of cells."""

from django.db import migrations, models

SQLITE = """
CREATE TABLE catalogue_cell (slice varchar(90) NOT NULL, level smallint NOT NULL, cell bigint NOT NULL, count bigint NOT NULL,
    latitudes bigint NOT NULL, longitudes bigint NOT NULL, entries bigint NOT NULL, PRIMARY KEY (slice, level, cell)) WITHOUT ROWID
"""


class CreateCells(migrations.CreateModel):
    """On SQLite the table is its own primary key: half the size, and one search where there would be two."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.execute(SQLITE)
        else:
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0002_search'),
    ]

    operations = [
        CreateCells(
            name='Cell',
            fields=[
                ('pk', models.CompositePrimaryKey('slice', 'level', 'cell', blank=True, editable=False, primary_key=True, serialize=False)),
                ('slice', models.CharField(max_length=90)),
                ('level', models.SmallIntegerField()),
                ('cell', models.BigIntegerField()),
                ('count', models.BigIntegerField()),
                ('latitudes', models.BigIntegerField()),
                ('longitudes', models.BigIntegerField()),
                ('entries', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'cell of the map',
                'verbose_name_plural': 'cells of the map',
            },
        ),
        migrations.AddIndex(
            model_name='cell',
            index=models.Index(condition=models.Q(('count', 0)), fields=['count'], name='cell_empty'),
        ),
        migrations.AddField(
            model_name='entry',
            name='cell',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('replaced_at__isnull', True)), fields=['cell', 'edition', 'replaced_at'], name='entry_current_cell'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('replaced_at__isnull', False)), fields=['cell', 'edition', 'replaced_at'], name='entry_past_cell'),
        ),
    ]
