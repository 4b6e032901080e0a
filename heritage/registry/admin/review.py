"""What a reviewer looks at before publishing: what readers would see change, in the words of their pages, and what deserves a second look."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from heritage.catalogue.release import Release, own_work
from heritage.catalogue.subset import shows_position
from heritage.public.differences import changed_fields, differences, section_differences
from heritage.registry.contributions import FINENESS, opens, rank
from heritage.registry.models.sealing import refs_sealed_from
from heritage.registry.steps import may_not_publish, not_reviewed
from heritage.registry.vocabulary import AccessLevel, Precision, SourceAccess

CLAIMS = ("statuses", "attributions", "protections", "counts")


@dataclass(frozen=True)
class PartShown:
    """One record that goes out: what it is, whether readers have none of it yet, and how it differs from what they have."""

    title: str
    is_first: bool
    differences: list = field(default_factory=list)
    fields: list = field(default_factory=list)


@dataclass(frozen=True)
class Review:
    """All that a publication would put before readers.

    ``blockers``: why this reviewer may not publish it; ``exposing``: the versions of the record that show what it hides.
    """

    digest: str
    parts: list
    warnings: list
    blockers: list
    exposing: list


def review_of(subject, by):
    """Return what ``by`` has to look at before publishing ``subject``."""
    release = Release(subject)
    first = may_not_publish(subject, by) or not_reviewed(subject, by)
    blockers = [first] if first else [*own_work([release.draft], by).values()]
    return Review(
        release.digest, [shown(part) for part in release.parts], [*warnings(release, by)], blockers, release.exposing
    )


def shown(part):
    """Return one part in words."""
    before, after = part.current, part.record
    title = titles()[after["subject"]] % {"label": after["label"]}
    if before is None:
        return PartShown(title, True, fields=details(after) if after["subject"] == "source" else [])
    if after["subject"] == "vocabulary":
        return PartShown(title, False, list(section_differences(_("Term"), before["terms"], after["terms"], {})))
    if after["subject"] == "source":
        names = after.keys() - {"label"}  # which is its title
        old, new = ({name: record[name] for name in names if name in record} for record in (before, after))
        return PartShown(title, False, fields=changed_fields(old, new, {}))
    return PartShown(title, False, differences(before, after))


def titles():
    return {
        "monument": _("The record “%(label)s”"),
        "place": _("The record “%(label)s”"),
        "source": _("The source “%(label)s”"),
        "vocabulary": _("The vocabulary “%(label)s”"),
    }


def details(source):
    """Return what readers would see of a source for the first time."""
    shown_first = ("publisher", "authors", "url", "archived_url", "identifier", "read_state", "withheld")
    return changed_fields({}, {name: source[name] for name in shown_first if source.get(name)}, {})


def warnings(release, by):
    """Yield a sentence for everything that shows more than before, and for every claim that readers lose.

    What was opened once and is sealed from ``by`` now is named nowhere.
    """
    before, after = release.parts[0].current, release.draft.record
    if before is not None:
        yield from finer_positions(before, after)
        kept = {claim["ref"] for name in CLAIMS for claim in after[name]}
        for claim in (claim for name in CLAIMS for claim in before[name] if claim["ref"] not in kept):
            yield _("Readers will no longer see the claim “%(claim)s” (%(claimant)s).") % {
                "claim": claim["summary"] or claim["ref"],
                "claimant": claim["claimant"]["label"],
            }
    sealed = refs_sealed_from(by)
    for entry in release.entries:
        if opens(entry, published=False) and entry.subject_ref not in sealed:
            held = entry.after
            yield _("%(who)s lowered the access level of “%(row)s” from %(before)s to %(after)s.") % {
                "who": entry.who,
                "row": held.get("summary") or held.get("label") or held.get("title") or entry.subject_ref,
                "before": level(entry, "before"),
                "after": level(entry, "after"),
            }


def level(entry, when):
    """Return the access level in words that the row of a journal ``entry`` had (``when``: before, after)."""
    levels = SourceAccess if entry.subject_kind == "source" else AccessLevel
    return levels.label_of(getattr(entry, when)["access_level"])


def finer_positions(before, after):
    """Yield a sentence for each location that readers would see more precisely than now."""
    known = {row["ref"]: row for row in before.get("locations", [])}
    for row in after.get("locations", []):
        old = known.get(row["ref"])
        if old is None or not shows_position(row):
            continue
        is_finer = rank(FINENESS, row["precision"]["code"]) > rank(FINENESS, old["precision"]["code"])
        if is_finer or not shows_position(old):
            yield _("The position becomes more precise: from “%(before)s” to “%(after)s” (%(position)s).") % {
                "before": Precision.label_of(old["precision"]["code"]),
                "after": Precision.label_of(row["precision"]["code"]),
                "position": position_of(row),
            }


def position_of(location):
    """Return where a location of a record is, in a few words."""
    if location["latitude"] is not None:
        return f"{location['latitude']}, {location['longitude']}"
    return _("its outline") if location["footprint"] else location["wording"]
