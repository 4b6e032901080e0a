"""Descriptions of the tables for programs: a Frictionless data package and CSVW over the same files, and GeoJSON. No Django.

Sources: Data Package v2 (datapackage.org); W3C Recommendations “Metadata Vocabulary for Tabular Data” and “Model for
Tabular Data”; RFC 7946.
"""

import json

from heritage.archive.tables import BETWEEN, TABLES

TABULAR = {"string": "string", "list": "string", "datetime": "datetime"}
DATATYPES = {"list": "string", "datetime": "dateTime", "number": "decimal"}


def as_bytes(value):
    """Return ``value`` as indented JSON that people can read."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def datapackage(title, created, named, sizes):
    """Return the Frictionless descriptor. ``named`` gives a table's file name, ``sizes`` its (bytes, SHA-256, rows)."""
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "heritage-register",
        "title": title,
        "description": "What the current editions of the register say. Every row is the claim of its claimant.",
        "created": created,
        "resources": [resource(table, named, sizes) for table in TABLES],
    }


def resource(table, named, sizes):
    octets, sha256, rows = sizes[table.name]
    schema = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [tabular(column) for column in table.columns],
        "missingValues": [""],
    }
    if table.key and table.name != "states":  # of whose key one column is always empty
        schema["primaryKey"] = list(table.key)
    if table.links:
        schema["foreignKeys"] = [
            {"fields": [name], "reference": {"resource": other, "fields": ["ref"]}}
            for name, other in table.links.items()
        ]
    return {
        "name": table.name,
        "title": table.title,
        "type": "table",
        "path": named(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": octets,
        "hash": f"sha256:{sha256}",
        "rows": rows,
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def tabular(column):
    made = {"name": column.name, "type": TABULAR.get(column.type, column.type), "description": column.description}
    if column.type == "list":
        made["description"] += f"; several with {BETWEEN} between"
    return made


def csvw(title, created, named):
    """Return the CSVW table group."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "dc:title": title,
        "dc:created": created,
        "dialect": {"delimiter": ",", "header": True, "encoding": "utf-8", "quoteChar": '"', "doubleQuote": True},
        "tables": [csvw_table(table, named) for table in TABLES],
    }


def csvw_table(table, named):
    schema = {"columns": [csvw_column(column) for column in table.columns]}
    if table.key and table.name != "states":
        schema["primaryKey"] = list(table.key)
    if table.always:  # programs take an empty cell of a foreign key for a mistake
        schema["foreignKeys"] = [
            {
                "columnReference": name,
                "reference": {"resource": named_other(named, table.links[name]), "columnReference": "ref"},
            }
            for name in table.always
        ]
    return {"url": named(table), "dc:title": table.title, "tableSchema": schema}


def named_other(named, name):
    return named(next(table for table in TABLES if table.name == name))


def csvw_column(column):
    made = {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.description,
        "datatype": DATATYPES.get(column.type, column.type),
        "null": "",
    }
    return made | ({"separator": BETWEEN} if column.type == "list" else {})


def feature(row):
    """Return the GeoJSON feature of a row of the table of monuments; without a shown position its geometry is null."""
    point = None
    if row["latitude"] is not None:
        point = {"type": "Point", "coordinates": [row["longitude"], row["latitude"]]}
    properties = {name: value for name, value in row.items() if name not in ("latitude", "longitude")}
    return {"type": "Feature", "id": row["ref"], "geometry": point, "properties": properties}
