"""What axe-core finds on a page: barriers for people who use assistive technology."""


def barriers(page, axe, except_in=()):
    """Return a sentence for each barrier; ``axe`` is the text of axe-core, ``except_in`` selectors of parts left out."""
    page.evaluate(axe)
    parts = {"include": [["html"]], "exclude": [[selector] for selector in except_in]}
    options = {"resultTypes": ["violations"]}
    found = page.evaluate(
        "([parts, options]) => axe.run(parts, options).then(told => told.violations)", [parts, options]
    )
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found for node in one["nodes"]]
