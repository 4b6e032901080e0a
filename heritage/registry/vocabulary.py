"""Terms that the register's logic depends on: each with its label, its definition and the standard it is from.

A member reads ``NAME = code, definition, standard, label``. Terms that curators may extend live in the ``Term`` table.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Concepts(str, models.Choices):
    """Text choices whose members also carry ``definition`` and ``standard``."""

    def __new__(cls, code, definition, standard):
        member = str.__new__(cls, code)
        member._value_ = code
        member.definition = definition
        member.standard = standard
        return member

    def __str__(self):
        return self.value

    @classmethod
    def label_of(cls, code):
        """Return the English or translated label of ``code``; an unknown code is its own label."""
        return str(cls(code).label) if code in cls.values else code


class Kind(Concepts):
    """What a registered thing is."""

    MONUMENT = "monument", _("A building, structure or object."), "registry", _("Monument")
    CEMETERY = "cemetery", _("A burial ground, in use or not."), "registry", _("Cemetery")
    SITE = "site", _("An archaeological site, settlement, quarter, landscape or ensemble."), "registry", _("Site")
    COLLECTION = "collection", _("A museum, its holdings, or another body of objects."), "registry", _("Collection")


class Stage(Concepts):
    """Where a record is on its way to the reading room."""

    DRAFT = "draft", _("Being written; seen at the desk only."), "registry", _("Draft")
    IN_REVIEW = "in_review", _("Submitted for review by a second curator."), "registry", _("In review")
    PUBLISHED = "published", _("The reviewed record is in the reading room."), "registry", _("Published")
    WITHDRAWN = "withdrawn", _("Taken out of the reading room; a tombstone stays."), "registry", _("Withdrawn")


class Mode(Concepts):
    """What a status claim speaks of."""

    EVENT = (
        "event",
        _("Something changed: built, altered, damaged, removed, destroyed, repurposed, opened, closed."),
        "CIDOC CRM",
        _("Event"),
    )
    OBSERVATION = (
        "observation",
        _("A state was seen or recorded to hold on or throughout a dated span."),
        "CIDOC CRM",
        _("Observation"),
    )
    THREAT = "threat", _("A possible future change, announced or inferred."), "EAMENA Threat", _("Threat")


class Aspect(Concepts):
    """Which side of a monument a status claim describes."""

    CONDITION = "condition", _("State of the fabric or ground."), "registry", _("Physical condition")
    USE = "use", _("What the place is used for."), "registry", _("Use")
    ACCESS = "access", _("Who may reach or enter it."), "registry", _("Access")
    CUSTODY = "custody", _("Who holds a building, collection or object."), "registry", _("Custody")
    INSCRIPTION = (
        "inscription",
        _("State of writing, crosses, ornament carried by the fabric."),
        "registry",
        _("Inscriptions and decoration"),
    )
    NAMING = "naming", _("What the place is called, by whom."), "registry", _("Naming")
    SETTING = (
        "setting",
        _("State of the surroundings: earthmoving, roads, new buildings next to it."),
        "registry",
        _("Setting"),
    )


class Condition(Concepts):
    """State of the fabric or ground."""

    INTACT = (
        "intact",
        _("Structure or ground complete at the date of the information; wear only."),
        "EAMENA/HE",
        _("No damage known"),
    )
    DAMAGED = (
        "damaged",
        _("Damage or vandalism reported, extent not given."),
        "registry",
        _("Damaged, degree not stated"),
    )
    MINOR_DAMAGE = (
        "minor_damage",
        _("Limited, local loss; structure stands and is legible."),
        "EAMENA/HE/CHW",
        _("Minor damage"),
    )
    MAJOR_DAMAGE = (
        "major_damage",
        _("Structural loss or loss of significant parts; some of the fabric remains."),
        "EAMENA/HE/CHW",
        _("Major damage"),
    )
    RUINED = (
        "ruined",
        _("Ruined before the period under study; ruin is the baseline, not the damage."),
        "FISH Evidence",
        _("Long-standing ruin"),
    )
    DESTROYED = (
        "destroyed",
        _("The monument no longer stands or the ground no longer holds it; see completeness."),
        "EAMENA/HE/FISH/CHW/UNOSAT",
        _("Destroyed"),
    )
    UNDER_WORKS = (
        "under_works",
        _("Scaffolding, roofing-over or building works prevent a judgement."),
        "HE (obscured)",
        _("Works in progress"),
    )
    NOT_ASSESSABLE = (
        "not_assessable",
        _("Looked for, but hidden, not located, or imagery too coarse."),
        "HE/CHW",
        _("Not assessable"),
    )
    UNKNOWN = "unknown", _("No information on condition."), "EAMENA", _("Not known")


class Use(Concepts):
    """What the place is used for."""

    WORSHIP = "worship", _("In use for worship."), "registry", _("Worship")
    MUSEUM = "museum", _("Open as a museum."), "registry", _("Museum")
    CATERING = "catering", _("Cafe, restaurant, outdoor cooking."), "registry", _("Catering")
    STORAGE = "storage", _("Store or granary."), "registry", _("Storage")
    AGRICULTURE = "agriculture", _("Stable, barn."), "registry", _("Agriculture")
    LEISURE = "leisure", _("Resort, park, entertainment."), "registry", _("Leisure or health resort")
    MILITARY = "military", _("Post, quarters, store."), "registry", _("Military")
    DWELLING = "dwelling", _("Lived in."), "registry", _("Dwelling")
    BURIAL = "burial", _("In use for burials."), "registry", _("Burial")
    NONE = "none", _("Not used."), "registry", _("Out of use")
    UNKNOWN = "unknown", _("No information."), "registry", _("Not known")


class Access(Concepts):
    """Who may reach or enter it."""

    OPEN = "open", _("Open to the public."), "registry", _("Open")
    RESTRICTED = "restricted", _("By permit or escort."), "registry", _("Restricted")
    CLOSED_TO_SOME = "closed_to_some", _("A named group is kept out."), "registry", _("Closed to some")
    CLOSED = "closed", _("Nobody admitted."), "registry", _("Closed")
    UNKNOWN = "unknown", _("No information."), "registry", _("Not known")


class Custody(Concepts):
    """Who holds a building, collection or object."""

    CONTROLLED_BY_NAMED_PARTY = (
        "controlled_by_named_party",
        _("See agent; no view on title."),
        "registry",
        _("Controlled by a named party"),
    )
    HELD_NOT_RETURNED = (
        "held_not_returned",
        _("Return asked for and not made."),
        "registry",
        _("Held, return not agreed"),
    )
    RETURNED = "returned", _("Given back."), "registry", _("Returned")
    EVACUATED = "evacuated", _("Taken to safety."), "registry", _("Evacuated")
    MISSING = "missing", _("Whereabouts not known."), "registry", _("Missing")
    UNKNOWN = "unknown", _("No information."), "registry", _("Not known")


class Inscription(Concepts):
    """State of writing, crosses and ornament."""

    PRESENT = "present", _("Seen in place."), "registry", _("Present")
    PARTLY_REMOVED = "partly_removed", _("Some taken or erased."), "registry", _("Partly removed")
    REMOVED = "removed", _("All taken or erased."), "registry", _("Removed")
    COVERED = "covered", _("Hidden by other material."), "registry", _("Covered")
    UNKNOWN = "unknown", _("No information."), "registry", _("Not known")


class Setting(Concepts):
    """State of the surroundings."""

    UNDISTURBED = "undisturbed", _("No works seen nearby."), "registry", _("Undisturbed")
    WORKS_NEARBY = "works_nearby", _("Earthmoving or building next to it."), "registry", _("Works nearby")
    CHANGED = "changed", _("Surroundings rebuilt or cleared."), "registry", _("Changed")
    UNKNOWN = "unknown", _("No information."), "registry", _("Not known")


class Scope(Concepts):
    """How much of the monument a claim speaks of."""

    WHOLE = "whole", _("Default: speaks of the whole monument."), "registry", _("Whole")
    STRUCTURE = (
        "structure",
        _("What imagery from above can show."),
        "registry",
        _("Structure as seen from outside or above"),
    )
    INTERIOR = "interior", _("Inside only."), "registry", _("Interior and fittings")
    PART = "part", _("See part_affected."), "registry", _("Named part")


class Completeness(Concepts):
    """What a destruction left."""

    CLEARED = "cleared", _("No remains reported on or in the ground."), "FISH Evidence", _("Cleared")
    TRACES = (
        "traces",
        _("Foundations, rubble or ground plan reported."),
        "FISH Evidence/EAMENA note",
        _("Traces remain"),
    )
    PART = "part", _("A named part is destroyed, the rest is not."), "registry", _("Part only")
    NOT_STATED = "not_stated", _("Source does not say."), "registry", _("Not stated")


class Intent(Concepts):
    """Intent as the claimant puts it."""

    DELIBERATE = (
        "deliberate",
        _("The claimant says the act was aimed at the monument."),
        "registry",
        _("Deliberate (as claimed)"),
    )
    INCIDENTAL = (
        "incidental",
        _("The claimant says the harm was a side effect."),
        "registry",
        _("Incidental (as claimed)"),
    )
    DISPUTED = "disputed", _("Claimants differ."), "registry", _("Disputed")
    NOT_STATED = "not_stated", _("No claim about intent."), "registry", _("Not stated")


class Probability(Concepts):
    """How likely a threat is, as claimed."""

    PLANNED = "planned", _("An intended action is known or announced."), "EAMENA", _("Planned")
    PROBABLE = "probable", _("Strong grounds, for example works already next to it."), "EAMENA", _("Probable")
    POSSIBLE = "possible", _("Limited grounds."), "EAMENA", _("Possible")


class Certainty(Concepts):
    """How sure a curator holds a claim to be."""

    NEGLIGIBLE = "negligible", _("Strong doubt; contradicted by other material."), "EAMENA", _("Negligible")
    LOW = "low", _("Considerable doubt; not confirmed elsewhere."), "EAMENA", _("Low")
    MEDIUM = "medium", _("Some doubt; not confirmed elsewhere."), "EAMENA", _("Medium")
    HIGH = "high", _("Little doubt."), "EAMENA", _("High")
    DEFINITE = "definite", _("No doubt and independently confirmed."), "EAMENA", _("Definite")
    NOT_ASSESSED = "not_assessed", _("No curator has judged it yet."), "registry", _("Not assessed")


class Qualifier(Concepts):
    """How the two bounds of a date are meant."""

    ON = "on", _("Happened on the given date."), "Historic England Date Qualifier / EAMENA", _("On")
    ONCE_BETWEEN = (
        "once_between",
        _(
            "Happened at one moment between two dates: after it was last known unchanged, not later than it was first seen changed."
        ),
        "Historic England / EAMENA / CRM P82",
        _("Once between"),
    )
    BEFORE = (
        "before",
        _("Happened before the given date; earlier limit unknown."),
        "Historic England / EAMENA",
        _("Before"),
    )
    AFTER = "after", _("Happened after the given date; later limit unknown."), "Historic England", _("After")
    THROUGHOUT = "throughout", _("Held during the whole span."), "Historic England / CRM P81", _("Throughout")
    UNDATED = "undated", _("No date given."), "registry", _("Undated")


class HiBasis(Concepts):
    """Where the later bound of a date comes from."""

    STATED = "stated", _("The source gives the date."), "registry", _("Stated")
    REPORT_DATE = (
        "report_date",
        _("The source gives no date of the event; the date of the report bounds it."),
        "registry",
        _("Date of the report"),
    )


class Verification(Concepts):
    """What review found about a claim."""

    UNREVIEWED = "unreviewed", _("Entered, not looked at."), "registry", _("Not reviewed")
    UNCORROBORATED = "uncorroborated", _("One line of evidence only."), "registry", _("Uncorroborated")
    CORROBORATED = (
        "corroborated",
        _("Two or more independent lines agree."),
        "UNESCO practice (cross-checking several credible sources)",
        _("Corroborated"),
    )
    CONTESTED = "contested", _("Credible claims conflict."), "registry", _("Contested")
    NOT_SUPPORTED = "not_supported", _("Checked; evidence does not bear it out."), "registry", _("Not supported")


class Standing(Concepts):
    """Whether a claim still stands."""

    STANDING = "standing", _("Made and not taken back."), "registry", _("Standing")
    SUPERSEDED = "superseded", _("Replaced by a later statement of the same claimant."), "registry", _("Superseded")
    WITHDRAWN_BY_CLAIMANT = (
        "withdrawn_by_claimant",
        _("The claimant took it back."),
        "registry",
        _("Withdrawn by its claimant"),
    )
    WITHDRAWN_BY_REGISTRY = (
        "withdrawn_by_registry",
        _("Entered in error, or not supported by its source."),
        "registry",
        _("Withdrawn by the registry"),
    )


class AccessLevel(Concepts):
    """Who may see a row."""

    PUBLIC = "public", _("Anyone."), "registry", _("Public")
    REGISTERED = "registered", _("Named users under terms of use."), "registry", _("Registered")
    CURATORS = "curators", _("Staff of the registry."), "registry", _("Curators")
    SEALED = (
        "sealed",
        _("Two named custodians; never exported with other levels."),
        "registry",
        _("Sealed"),
    )


class Precision(Concepts):
    """How coarsely coordinates are shown in public."""

    EXACT = "exact", _("As recorded, six decimals."), "registry", _("Exact")
    NEAR = "near", _("Snapped to a grid of 0.001 degrees."), "registry", _("Within 100 m")
    KM1 = "km1", _("Snapped to a grid of 0.01 degrees."), "registry", _("Within 1 km")
    SETTLEMENT = "settlement", _("Snapped to a grid of 0.05 degrees, about 5 km."), "registry", _("Settlement only")
    DISTRICT = "district", _("No point is shown, only the district."), "registry", _("District only")
    WITHHELD = "withheld", _("Known or not, no position is shown."), "registry", _("Withheld")


class NameKind(Concepts):
    """What a name is to its subject."""

    PREFERRED = "preferred", _("At most one per language and script."), "MIDAS/HER", _("Preferred in its language")
    ALTERNATIVE = "alternative", _("Other name in use."), "HER", _("Alternative")
    FORMER = "former", _("No longer in use."), "HER", _("Former")
    OFFICIAL = "official", _("Given by a named authority."), "HER", _("Official")
    AS_SPELLED = "as_spelled", _("Spelling found in one source."), "registry", _("As spelled in a source")
    REGISTER_NUMBER = "register_number", _("Number in a list or database."), "EAMENA name type", _("Reference number")


class RelationKind(Concepts):
    """How one monument relates to another."""

    PART_OF = (
        "part_of",
        _("Component of a larger monument or ensemble."),
        "CIDOC CRM P46 / Core Data Standard 2.1.5",
        _("Part of"),
    )
    HOUSED_IN = "housed_in", _("Institution or object kept in a monument."), "registry", _("Housed in")
    STANDS_ON_SITE_OF = (
        "stands_on_site_of",
        _("Later thing on the place of an earlier one."),
        "registry",
        _("Stands on the site of"),
    )
    ADJACENT_TO = "adjacent_to", _("Next to."), "registry", _("Adjacent to")
    POSSIBLY_SAME_AS = "possibly_same_as", _("Identity not settled."), "HER validation type", _("Possibly the same as")
    DISTINCT_FROM = "distinct_from", _("Similar name, different thing."), "registry", _("Not to be confused with")


class MembershipKind(Concepts):
    """How one place relates to another."""

    PART_OF = "part_of", _("Lies within, as a matter of geography or custom."), "registry", _("Part of")
    ADMINISTERED_UNDER = (
        "administered_under",
        _("Place within a unit, by named law or authority, for a dated span."),
        "Core Data Standard 2.2.1",
        _("Administrative unit"),
    )
    CONTROLLED_BY = "controlled_by", _("Factual control, dated."), "registry", _("Controlled by")


class PlaceKind(Concepts):
    """What kind of place it is."""

    REGION = "region", _("A named region."), "registry", _("Region")
    HISTORICAL_UNIT = (
        "historical_unit",
        _("An administrative unit that no longer exists under that name."),
        "registry",
        _("Historical unit"),
    )
    DISTRICT = "district", _("A district or county."), "registry", _("District")
    TOWN = "town", _("A town or city."), "registry", _("Town")
    VILLAGE = "village", _("A village."), "registry", _("Village")
    LOCALITY = "locality", _("A named area without fixed bounds."), "registry", _("Locality")
    NATURAL_FEATURE = (
        "natural_feature",
        _("A height, river, cave or other natural feature."),
        "registry",
        _("Natural feature"),
    )


class ActorKind(Concepts):
    """What kind of body claims, issues, orders or publishes."""

    STATE_BODY = "state_body", _("Ministry, agency or service of a state."), "registry", _("State body")
    STATE_OFFICE = (
        "state_office",
        _("An office of state, for statements made in office."),
        "registry",
        _("State office"),
    )
    DE_FACTO_AUTHORITY = (
        "de_facto_authority",
        _("Authority that holds or held power without general recognition."),
        "registry",
        _("De facto authority"),
    )
    INTERGOVERNMENTAL = (
        "intergovernmental",
        _("Body of several states."),
        "registry",
        _("Intergovernmental organisation"),
    )
    COURT = "court", _("Court or tribunal."), "registry", _("Court")
    ARMED_FORCE = "armed_force", _("Army, peacekeepers or other force."), "registry", _("Armed force")
    NGO = (
        "ngo",
        _("Independent association or foundation with a public aim."),
        "registry",
        _("Non-governmental organisation"),
    )
    NGO_COALITION = (
        "ngo_coalition",
        _("Several organisations speaking together."),
        "registry",
        _("Coalition of organisations"),
    )
    NGO_OR_AUTHORITY_UNKNOWN = (
        "ngo_or_authority_unknown",
        _("The document does not name who issues it."),
        "registry",
        _("Issuer not named"),
    )
    ACADEMIC_PROJECT = (
        "academic_project",
        _("Research or monitoring project of a university."),
        "registry",
        _("Academic project"),
    )
    SCHOLAR = "scholar", _("Author of published scholarship."), "registry", _("Published scholar")
    DOCUMENTATION_PROJECT = (
        "documentation_project",
        _("Independent project that gathers records."),
        "registry",
        _("Documentation project"),
    )
    MEDIA = "media", _("News medium."), "registry", _("Media")
    RELIGIOUS_BODY = (
        "religious_body",
        _("Church, diocese or other religious community."),
        "registry",
        _("Religious body"),
    )
    FOUNDATION = "foundation", _("Endowed foundation."), "registry", _("Foundation")
    THINK_TANK = "think_tank", _("Policy institute."), "registry", _("Think tank")
    COMPANY = "company", _("Commercial company."), "registry", _("Company")
    TERTIARY = "tertiary", _("Encyclopaedia or compilation that repeats others."), "registry", _("Tertiary source")


class AttributionFacet(Concepts):
    """What an attribution is about."""

    CULTURAL_TRADITION = (
        "cultural_tradition",
        _("Community or tradition that made it."),
        "registry",
        _("Cultural tradition"),
    )
    DENOMINATION = "denomination", _("Religious body of its making or use."), "registry", _("Denomination")
    PATRON_BUILDER = "patron_builder", _("Named makers."), "registry", _("Patron, builder, architect")
    DEDICATION = "dedication", _("Saint, event or person honoured."), "registry", _("Dedication")
    LEGALITY = (
        "legality",
        _("Claims that it was lawfully or unlawfully built."),
        "registry",
        _("Legal standing of its building"),
    )
    DATE_OF_ORIGIN = "date_of_origin", _("When it was made."), "registry", _("Date of origin")


class AttributionBasis(Concepts):
    """What an attribution is argued from."""

    INSCRIPTION = "inscription", _("Text on the monument."), "registry", _("Inscription")
    ARCHIVE = "archive", _("Written record."), "registry", _("Archive or chronicle")
    STYLE = "style", _("Formal analysis."), "registry", _("Architecture or style")
    SCHOLARSHIP = "scholarship", _("Research literature."), "registry", _("Scholarship")
    OFFICIAL_POSITION = (
        "official_position",
        _("Statement of an authority, no evidence given."),
        "registry",
        _("Official position"),
    )
    TRADITION = "tradition", _("Held by a community."), "registry", _("Tradition")
    NOT_STATED = "not_stated", _("No basis given."), "registry", _("Not stated")


class CountQualifier(Concepts):
    """How a counted number is meant."""

    EXACTLY = "exactly", _("As given."), "registry", _("Exactly")
    ABOUT = "about", _("Rounded."), "registry", _("About")
    AT_LEAST = "at_least", _("Lower bound."), "registry", _("At least")
    MORE_THAN = "more_than", _("Lower bound, excluded."), "registry", _("More than")
    ALL = "all", _("Universal claim without number."), "registry", _("All")


class Stance(Concepts):
    """From where a source speaks."""

    ACADEMIC = "academic", _("Research or university monitoring."), "registry", _("Academic")
    ADVOCACY = "advocacy", _("Argues for a cause or party."), "registry", _("Advocacy")
    COURT = "court", _("Court or tribunal."), "registry", _("Court")
    DE_FACTO_AUTHORITY = (
        "de_facto_authority",
        _("Authority without general recognition."),
        "registry",
        _("De facto authority"),
    )
    DOCUMENTATION = "documentation", _("Gathers and keeps records."), "registry", _("Documentation")
    FACT_CHECKING = "fact_checking", _("Tests statements of others."), "registry", _("Fact-checking")
    FACT_FINDING = "fact_finding", _("Commissioned inquiry."), "registry", _("Fact-finding")
    INTERGOVERNMENTAL = "intergovernmental", _("Body of several states."), "registry", _("Intergovernmental")
    MEDIA = "media", _("News reporting."), "registry", _("Media")
    NGO = "ngo", _("Independent association."), "registry", _("Non-governmental organisation")
    STATE = "state", _("Organ of a state."), "registry", _("State")
    STATE_AFFILIATED = "state_affiliated", _("Outlet tied to organs of a state."), "registry", _("State-affiliated")
    STATE_PARTY = "state_party", _("A state as party to a convention or case."), "registry", _("State party")
    TERTIARY = "tertiary", _("Repeats other sources."), "registry", _("Tertiary")


class StandardOfProof(Concepts):
    """The standard of proof that a source applies."""

    NOT_STATED = "not_stated", _("The source names no standard."), "registry", _("Not stated")
    REASONABLE_SUSPICION = (
        "reasonable_suspicion",
        _("Grounds for looking further."),
        "OHCHR guidance",
        _("Reasonable suspicion"),
    )
    REASONABLE_GROUNDS = (
        "reasonable_grounds",
        _("Usual standard of fact-finding missions."),
        "OHCHR guidance",
        _("Reasonable grounds to believe"),
    )
    BALANCE_OF_PROBABILITIES = (
        "balance_of_probabilities",
        _("More likely than not."),
        "OHCHR guidance",
        _("Balance of probabilities"),
    )
    CLEAR_AND_CONVINCING = (
        "clear_and_convincing",
        _("High, short of criminal."),
        "OHCHR guidance",
        _("Clear and convincing"),
    )
    BEYOND_REASONABLE_DOUBT = (
        "beyond_reasonable_doubt",
        _("Criminal standard."),
        "OHCHR guidance",
        _("Beyond reasonable doubt"),
    )
    PRIMA_FACIE = (
        "prima_facie",
        _("Interim court measure; not a finding of fact."),
        "ICJ practice",
        _("Prima facie or plausibility"),
    )


class ReadState(Concepts):
    """How far a curator has read a source."""

    IN_FULL = "in_full", _("The whole document was read."), "registry", _("Read in full")
    IN_PART = "in_part", _("The cited passage was read, not the whole document."), "registry", _("Read in part")
    NOT_READ = (
        "not_read",
        _("Nobody at the registry has read it; nothing is published on it."),
        "registry",
        _("Not read"),
    )


class SourceAccess(Concepts):
    """How a source is shown."""

    PUBLIC = "public", _("Cited with all its details."), "registry", _("Public")
    WITHHELD = "withheld", _('Cited as "source withheld" with the class of the reason.'), "registry", _("Withheld")
    SEALED = "sealed", _("Leaves no trace outside the desk."), "registry", _("Sealed")


class WithholdingReason(Concepts):
    """Why a source is withheld."""

    SAFETY = "safety", _("Naming it could endanger people."), "registry", _("Safety of persons")
    CONFIDENTIALITY = "confidentiality", _("Given in confidence."), "registry", _("Confidentiality")
    LEGAL = "legal", _("Law or a court forbids naming it."), "registry", _("Legal reasons")
    SITE_PROTECTION = (
        "site_protection",
        _("Naming it could help looting or damage."),
        "registry",
        _("Protection of the site"),
    )


class CitationRole(Concepts):
    """What a source does for a claim."""

    ASSERTS = "asserts", _("The source makes the claim."), "registry", _("Asserts")
    LAST_UNCHANGED = (
        "last_unchanged",
        _("Anchors the earlier limit of a dated interval."),
        "CHW practice",
        _("Last seen unchanged"),
    )
    FIRST_CHANGED = (
        "first_changed",
        _("Anchors the later limit of a dated interval."),
        "CHW practice",
        _("First seen changed"),
    )
    DISPUTES = "disputes", _("The source denies or contradicts the claim."), "registry", _("Disputes")
    CONTEXT = "context", _("Background only."), "registry", _("Context")


class Directness(Concepts):
    """How near a source is to the origin of a claim."""

    PRIMARY = (
        "primary",
        _("The source is the origin of the claim or holds the evidence."),
        "Berkeley Protocol",
        _("Primary"),
    )
    RELAYED = "relayed", _("The source repeats a named earlier source."), "Berkeley Protocol", _("Relayed")
    UNSOURCED = "unsourced", _("The source gives no origin."), "registry", _("Unsourced")


class LinkKind(Concepts):
    """How one claim relates to another."""

    CONTRADICTS = "contradicts", _("Both cannot hold."), "registry", _("Contradicts")
    CORROBORATES = "corroborates", _("Independent support."), "registry", _("Corroborates")
    REFINES = "refines", _("Same matter, more precise."), "registry", _("Refines")
    DERIVED_FROM = "derived_from", _("Repeats or builds on it."), "registry", _("Derived from")
    SUPERSEDES = "supersedes", _("Replaces an earlier statement by the same claimant."), "registry", _("Supersedes")
    TENSION = "tension", _("May both hold under different scope or wording."), "registry", _("In tension")


class ContentWarning(Concepts):
    """What a reader should know before looking."""

    GRAPHIC_VIOLENCE = "graphic_violence", _("Injury or death shown or described."), "registry", _("Graphic violence")
    HUMAN_REMAINS = "human_remains", _("Remains or opened graves."), "registry", _("Human remains")
    DESECRATION = (
        "desecration",
        _("Mockery or breaking of sacred things."),
        "registry",
        _("Acts against sacred places"),
    )
    HATE_SPEECH = "hate_speech", _("Quoted language against a group."), "registry", _("Hate speech")
    DISTRESSING_TESTIMONY = (
        "distressing_testimony",
        _("Personal accounts of harm."),
        "registry",
        _("Distressing testimony"),
    )


class MediaKind(Concepts):
    """What a media item is."""

    IMAGE = "image", _("A photograph or drawing."), "registry", _("Image")
    IMAGE_PAIR = "image_pair", _("Before and after."), "registry", _("Pair of images")
    VIDEO = "video", _("A film or clip."), "registry", _("Video")
    AUDIO = "audio", _("A sound recording."), "registry", _("Audio")
    DOCUMENT = "document", _("A text document."), "registry", _("Document")
    SATELLITE_SCENE = "satellite_scene", _("A satellite or aerial scene."), "registry", _("Satellite scene")


class Derivation(Concepts):
    """What was done to make a derivative."""

    NONE = "none", _("The item itself."), "registry", _("None")
    CROP = "crop", _("A part of the original."), "registry", _("Cropped")
    BLUR = "blur", _("Parts made unrecognisable."), "registry", _("Blurred")
    REDACT = "redact", _("Parts removed or covered."), "registry", _("Redacted")
    RESIZE = "resize", _("Made smaller."), "registry", _("Resized")


class Decision(Concepts):
    """What a reviewer decided."""

    PUBLISH = "publish", _("Ready for the reading room."), "registry", _("Publish")
    RETURN = "return", _("Sent back to its author."), "registry", _("Return")
    WITHDRAW = "withdraw", _("Taken out of the reading room."), "registry", _("Withdraw")
    RESTRICT = "restrict", _("Shown to fewer people."), "registry", _("Restrict")


class WithdrawalReason(Concepts):
    """Why a record was withdrawn."""

    ERROR = "error", _("It should not have been published."), "registry", _("Registered in error")
    RIGHTS = "rights", _("Privacy, copyright or another right."), "registry", _("Rights of others")
    SAFETY = "safety", _("Publication endangers people or the site."), "registry", _("Safety")
    LEGAL = "legal", _("Law or a court demands it."), "registry", _("Legal order")
    DUPLICATE = "duplicate", _("The same thing is registered elsewhere."), "registry", _("Duplicate")


VALUES_OF_ASPECT = {
    Aspect.CONDITION: Condition,
    Aspect.USE: Use,
    Aspect.ACCESS: Access,
    Aspect.CUSTODY: Custody,
    Aspect.INSCRIPTION: Inscription,
    Aspect.SETTING: Setting,
}

EXTENSIBLE = {
    "monument_type": _("Monument types"),
    "effect": _("Effects"),
    "cause": _("Causes"),
    "protection_kind": _("Kinds of protection"),
    "evidence_kind": _("Kinds of evidence"),
    "source_kind": _("Kinds of source"),
    "count_predicate": _("What a count says"),
    "unit": _("Units of registration"),
    "source_reliability": _("Reliability of a source"),
    "info_credibility": _("Credibility of information"),
    "verification_check": _("Checks in review"),
}


def value_label(aspect, value):
    """Return the label of a status value within its aspect; an unknown value is its own label."""
    choices = VALUES_OF_ASPECT.get(aspect)
    return choices.label_of(value) if choices else value
