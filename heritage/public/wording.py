"""Words that the reading room puts around what a record says. Nothing here decides anything."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from heritage.registry import vocabulary

#: What each condition looks like: the icon is as telling as the colour, and the word always stands beside both.
TONES = {
    "intact": "sound",
    "ruined": "ruin",
    "damaged": "harm1",
    "minor_damage": "harm1",
    "major_damage": "harm2",
    "destroyed": "harm3",
    "under_works": "works",
}
ICONS = ("intact", "ruined", "damaged", "minor_damage", "major_damage", "destroyed", "under_works")

#: How a link between two statements reads from either end.
LINKS = {
    ("contradicts", "to"): lazy("Contradicts"),
    ("contradicts", "from"): lazy("Contradicted by"),
    ("tension", "to"): lazy("In tension with"),
    ("tension", "from"): lazy("In tension with"),
    ("corroborates", "to"): lazy("Corroborates"),
    ("corroborates", "from"): lazy("Corroborated by"),
    ("refines", "to"): lazy("Makes more precise"),
    ("refines", "from"): lazy("Made more precise by"),
    ("derived_from", "to"): lazy("Repeats or builds on"),
    ("derived_from", "from"): lazy("Repeated or built on by"),
    ("supersedes", "to"): lazy("Replaces"),
    ("supersedes", "from"): lazy("Replaced by"),
}
RELATIONS = {
    ("part_of", "to"): lazy("Part of"),
    ("part_of", "from"): lazy("Has as a part"),
    ("housed_in", "to"): lazy("Housed in"),
    ("housed_in", "from"): lazy("Houses"),
    ("stands_on_site_of", "to"): lazy("Stands on the site of"),
    ("stands_on_site_of", "from"): lazy("Its site later held"),
}
DATINGS = {
    "on": lazy("The source gives this date."),
    "once_between": lazy("It happened at one moment within this span."),
    "before": lazy("It had happened by this date; the earlier limit is not known."),
    "after": lazy("It happened after this date; the later limit is not known."),
    "throughout": lazy("It held, or went on, during the whole span."),
    "undated": lazy("The source gives no date."),
}
PRECISIONS = {
    "exact": lazy("position as recorded"),
    "near": lazy("shown to the nearest 100 metres or so, on purpose"),
    "km1": lazy("shown to the nearest kilometre or so, on purpose"),
    "settlement": lazy("shown to within about 5 kilometres, on purpose"),
    "district": lazy("only the district is shown, on purpose"),
    "withheld": lazy("the position is withheld"),
}
SUBJECTS = {
    "monument": lazy("Monument"),
    "place": lazy("Place"),
    "source": lazy("Source"),
    "vocabulary": lazy("Vocabulary"),
}
PLACE_KINDS = frozenset(vocabulary.PlaceKind.values)


def tone(condition):
    """Return the name of the colour that goes with a condition; the same for whoever's heritage it is."""
    return TONES.get(condition, "open")


def icon(aspect, value):
    """Return the name of the symbol for a value of an aspect."""
    if aspect != "condition":
        return aspect
    return value if value in ICONS else "unknown"


def aspect_label(aspect):
    return vocabulary.Aspect.label_of(aspect)


def link_label(link):
    return LINKS.get((link["kind"]["code"], link["direction"])) or link["kind"]["label"]


def relation_label(relation):
    return RELATIONS.get((relation["kind"]["code"], relation["direction"])) or relation["kind"]["label"]


def dating(claim):
    """Return how the date of a claim is known, in sentences: its anchors, the date of the report, or the source's own date."""
    dates, said = claim["dates"], []
    for citation in claim["citations"]:
        if citation["anchored_on"] and citation["role"]["code"] == "last_unchanged":
            said.append(_("Last seen unchanged on %s.") % citation["anchored_on"]["text"])
        if citation["anchored_on"] and citation["role"]["code"] == "first_changed":
            said.append(_("First seen changed on %s.") % citation["anchored_on"]["text"])
    if dates["hi_basis"] == "report_date":
        said.append(_("The source gives no date of the event; the date of the report is the latest possible date."))
    if not said:
        said.append(str(DATINGS.get(dates["qualifier"], "")))
    return list(dict.fromkeys(said))


def headline(status):
    """Return the few words that name a status claim: its value, else its effects."""
    parts = [effect["label"] for effect in status["effects"] if effect["code"] != "not_stated"]
    if status["value"]:
        parts.insert(0, status["value"]["label"])
    return " · ".join(dict.fromkeys(parts)) or status["aspect"]["label"]


def since(aspect, state):
    """Return when the value of an aspect was reached: harm happened “by 2021”, other values hold, “beginning in 1998”."""
    if not state["since"] or not state["value"]:
        return ""
    harm = aspect == "condition" and tone(state["value"]).startswith("harm")
    return state["since"]["text"] if harm else _("beginning %s") % state["since"]["text"]


def claim_headline(claim):
    """Return the few words that name any claim."""
    if "mode" in claim:
        return headline(claim)
    return claim.get("value") if isinstance(claim.get("value"), str) else claim["summary"]


def timecode(seconds):
    """Return seconds as 1:02:03 or 2:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def degrees(latitude, longitude):
    """Return a position in decimal degrees with its hemispheres."""
    north = _("N") if latitude >= 0 else _("S")
    east = _("E") if longitude >= 0 else _("W")
    return f"{abs(latitude):g}° {north}, {abs(longitude):g}° {east}"


def precision(location):
    """Return how exactly a position is shown, in words."""
    words = str(PRECISIONS.get(location["precision"]["code"], location["precision"]["label"]))
    if location["latitude"] is not None and location["uncertainty_m"] and location["precision"]["code"] == "exact":
        return _("%(words)s, uncertain by %(metres)s m") % {"words": words, "metres": location["uncertainty_m"]}
    return words


def subject_label(subject):
    return str(SUBJECTS.get(subject, subject))


def extent(shares):
    """Return the extent of harm: “40 to 60 %”, “at least 40 %”, “up to 60 %”."""
    least, most = shares["min"], shares["max"]
    if least is None:
        return _("up to %s %%") % most
    if most is None:
        return _("at least %s %%") % least
    return f"{least} %" if least == most else _("%(least)s to %(most)s %%") % {"least": least, "most": most}


def amount(count):
    """Return the number of a count claim with how it is meant: “more than 28 000”, “all”."""
    qualifier = count["number_qualifier"]
    if count["value"] is None:
        return qualifier["label"].lower()
    shown = f"{count['value']:,}".replace(",", "\u202f")
    return shown if qualifier["code"] == "exactly" else f"{qualifier['label'].lower()} {shown}"


def reason_label(reason_class):
    return vocabulary.WithdrawalReason.label_of(reason_class)
