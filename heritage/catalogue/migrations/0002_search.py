"""Tables of the word search, and what each database has of its own for them."""

import re

import django.db.models.deletion
from django.db import DatabaseError, migrations, models, transaction

SQLITE = """
CREATE VIRTUAL TABLE catalogue_search_now USING fts5(
    names, starts, places, text, content='catalogue_searchrow', content_rowid='entry_id', tokenize='ascii', detail='column', columnsize=0);
CREATE VIRTUAL TABLE catalogue_search_past USING fts5(
    names, starts, places, text, content='catalogue_searchrow', content_rowid='entry_id', tokenize='ascii', detail='column', columnsize=0);
CREATE TRIGGER catalogue_searchrow_added AFTER INSERT ON catalogue_searchrow BEGIN
    INSERT INTO catalogue_search_now(rowid, names, starts, places, text)
        SELECT new.entry_id, new.names, new.starts, new.places, new.text WHERE new.current;
    INSERT INTO catalogue_search_past(rowid, names, starts, places, text)
        SELECT new.entry_id, new.names, new.starts, new.places, new.text WHERE NOT new.current;
END;
CREATE TRIGGER catalogue_searchrow_removed AFTER DELETE ON catalogue_searchrow BEGIN
    INSERT INTO catalogue_search_now(catalogue_search_now, rowid, names, starts, places, text)
        SELECT 'delete', old.entry_id, old.names, old.starts, old.places, old.text WHERE old.current;
    INSERT INTO catalogue_search_past(catalogue_search_past, rowid, names, starts, places, text)
        SELECT 'delete', old.entry_id, old.names, old.starts, old.places, old.text WHERE NOT old.current;
END;
CREATE TRIGGER catalogue_searchrow_changed AFTER UPDATE ON catalogue_searchrow BEGIN
    INSERT INTO catalogue_search_now(catalogue_search_now, rowid, names, starts, places, text)
        SELECT 'delete', old.entry_id, old.names, old.starts, old.places, old.text WHERE old.current;
    INSERT INTO catalogue_search_past(catalogue_search_past, rowid, names, starts, places, text)
        SELECT 'delete', old.entry_id, old.names, old.starts, old.places, old.text WHERE NOT old.current;
    INSERT INTO catalogue_search_now(rowid, names, starts, places, text)
        SELECT new.entry_id, new.names, new.starts, new.places, new.text WHERE new.current;
    INSERT INTO catalogue_search_past(rowid, names, starts, places, text)
        SELECT new.entry_id, new.names, new.starts, new.places, new.text WHERE NOT new.current;
END;
CREATE VIRTUAL TABLE catalogue_search_letters USING fts5(
    word, content='catalogue_word', content_rowid='id', tokenize='trigram', detail='none', columnsize=0);
CREATE TRIGGER catalogue_word_added AFTER INSERT ON catalogue_word BEGIN
    INSERT INTO catalogue_search_letters(rowid, word) VALUES (new.id, new.word);
END;
CREATE TRIGGER catalogue_word_removed AFTER DELETE ON catalogue_word BEGIN
    INSERT INTO catalogue_search_letters(catalogue_search_letters, rowid, word) VALUES ('delete', old.id, old.word);
END;
"""
SQLITE_BACK = """
DROP TRIGGER catalogue_searchrow_added;
DROP TRIGGER catalogue_searchrow_removed;
DROP TRIGGER catalogue_searchrow_changed;
DROP TRIGGER catalogue_word_added;
DROP TRIGGER catalogue_word_removed;
DROP TABLE catalogue_search_now;
DROP TABLE catalogue_search_past;
DROP TABLE catalogue_search_letters;
"""
# The forms are compared by code point on both databases, hence the collation. A lexeme stands for a word anywhere,
# with "=" for a word of a name, with "^" for the start of one; without weights the index alone answers.
POSTGRESQL = r"""
ALTER TABLE catalogue_word ALTER COLUMN word TYPE varchar(40) COLLATE "C", ALTER COLUMN bones TYPE varchar(40) COLLATE "C";
ALTER TABLE catalogue_searchname ALTER COLUMN name TYPE varchar(120) COLLATE "C";
ALTER TABLE catalogue_searchrow ADD COLUMN lexemes tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(
    names || ' ' || regexp_replace(names, '(\S+)', '=\1', 'g') || ' ' || regexp_replace(starts, '(\S+)', '^\1', 'g') || ' ' ||
    places || ' ' || text, ' '), ''))) STORED;
CREATE INDEX catalogue_search_now ON catalogue_searchrow USING gin (lexemes) WITH (gin_pending_list_limit = 512) WHERE current;
CREATE INDEX catalogue_search_past ON catalogue_searchrow USING gin (lexemes) WITH (gin_pending_list_limit = 512) WHERE NOT current;
"""
POSTGRESQL_BACK = """
DROP INDEX catalogue_search_now, catalogue_search_past;
ALTER TABLE catalogue_searchrow DROP COLUMN lexemes;
"""
# Over an expression, or the planner would take it for plain comparisons, too, which it answers a thousand times slower.
TRIGRAMS = "CREATE INDEX catalogue_search_letters ON catalogue_word USING gin ((word || '') gin_trgm_ops) WHERE bones <> ''"


def add_index(apps, schema_editor):
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in statements(SQLITE):
                cursor.execute(statement)
        elif connection.vendor == "postgresql":
            for statement in statements(POSTGRESQL):
                cursor.execute(statement)
            if has_trigrams(connection):
                cursor.execute(TRIGRAMS)


def remove_index(apps, schema_editor):
    connection = schema_editor.connection
    back = {"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK}.get(connection.vendor, "")
    with connection.cursor() as cursor:
        for statement in statements(back):
            cursor.execute(statement)


def statements(script):
    """Yield the statements of a script: the next begins with one of three words at the start of a line."""
    yield from (part.strip() for part in re.split(r";\n(?=CREATE |DROP |ALTER |$)", script) if part.strip())


def has_trigrams(connection):
    """Tell whether the extension pg_trgm is there, having added it where this user may. The system check says if not."""
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return False
    return True


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchRow',
            fields=[
                ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_row', serialize=False, to='catalogue.entry')),
                ('current', models.BooleanField()),
                ('names', models.TextField()),
                ('starts', models.TextField()),
                ('places', models.TextField()),
                ('text', models.TextField()),
            ],
            options={
                'verbose_name': 'search row',
            },
        ),
        migrations.CreateModel(
            name='PlaceWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ref', models.CharField(max_length=40)),
                ('word', models.CharField(max_length=40)),
                ('text', models.CharField(max_length=300)),
                ('language', models.CharField(blank=True, max_length=35)),
            ],
            options={
                'verbose_name': 'word of a place',
                'indexes': [models.Index(fields=['word', 'ref'], name='placeword_word')],
                'constraints': [models.UniqueConstraint(fields=('ref', 'word', 'text', 'language'), name='placeword_once')],
            },
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(max_length=40)),
                ('bones', models.CharField(blank=True, max_length=40)),
            ],
            options={
                'verbose_name': 'word',
                'indexes': [models.Index(condition=models.Q(('bones', ''), _negated=True), fields=['bones', 'word'], name='word_bones')],
                'constraints': [models.UniqueConstraint(fields=('word',), name='word_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('current', models.BooleanField()),
                ('name', models.CharField(max_length=120)),
                ('entry', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='search_names', to='catalogue.entry')),
            ],
            options={
                'verbose_name': 'search name',
                'indexes': [models.Index(condition=models.Q(('current', True)), fields=['name', 'entry'], name='searchname_current'), models.Index(condition=models.Q(('current', False)), fields=['name', 'entry'], name='searchname_past')],
                'constraints': [models.UniqueConstraint(fields=('entry', 'name'), name='searchname_once')],
            },
        ),
        migrations.RunPython(add_index, remove_index),
    ]
