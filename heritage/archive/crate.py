"""The bag as a research object: ``ro-crate-metadata.json``. Source: RO-Crate 1.3. No Django."""

CONTEXT = "https://w3id.org/ro/crate/1.3/context"
CONFORMS = "https://w3id.org/ro/crate/1.3"
LICENCE = (
    "Facts and summaries written by the register may be used freely with attribution to the register and, for every "
    "statement, to its claimant and source. Quotations, images and documents belong to their rights holders."
)
FORMATS = {
    "csv": "text/csv",
    "geojson": "application/geo+json",
    "html": "text/html",
    "json": "application/json",
    "jsonl": "application/jsonl",
    "ttl": "text/turtle",
    "txt": "text/plain",
}


def crate(title, description, organisation, date, files, folders):
    """Return the RO-Crate metadata. ``files``: (path, title, bytes, SHA-256); ``folders``: (path ending in “/”, title)."""
    parts = [{"@id": path} for path, *_rest in [*files, *folders]]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": description,
        "datePublished": date,
        "license": {"@id": "#licence"},
        "publisher": {"@id": "#register"},
        "hasPart": parts,
    }
    descriptor = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": CONFORMS},
        "about": {"@id": "./"},
    }
    context = [
        {"@id": "#licence", "@type": "CreativeWork", "name": "Terms of use", "description": LICENCE},
        {"@id": "#register", "@type": "Organization", "name": organisation},
    ]
    data = [file(*one) for one in files] + [
        {"@id": path, "@type": "Dataset", "name": name, "description": name} for path, name in folders
    ]
    return {"@context": CONTEXT, "@graph": [descriptor, root, *context, *data]}


def file(path, title, size, sha256):
    return {
        "@id": path,
        "@type": "File",
        "name": title,
        "contentSize": str(size),
        "encodingFormat": FORMATS[path.rsplit(".", 1)[1]],
        "sha256": sha256,
    }
