"""What the records of a batch stand on: the supplier as claimant and source, and our terms."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

from django.db import transaction
from django.forms import modelform_factory
from django.utils.translation import gettext as _

from heritage.intake.models import Supplier
from heritage.intake.referring import References
from heritage.registry import lifecycle
from heritage.registry.dated_form import DeskForm
from heritage.registry.forms import SourceForm
from heritage.registry.models import Actor, Name, Place, Source, Term
from heritage.registry.steps import Refused
from heritage.registry.vocabulary import ReadState, SourceAccess, StandardOfProof

ActorForm = modelform_factory(Actor, form=DeskForm, fields=["label", "kind", "note"])


@dataclass
class Ground:
    """``actor`` and ``source`` are not saved yet while a batch is only planned; ``terms`` are by (vocabulary, code),
    ``places`` by reference and, where only one has it, by name.
    """

    mapping: object
    actor: Actor
    source: Source
    terms: dict
    places: dict
    references: References

    @property
    def scheme(self):
        return self.mapping.identifier.scheme


def terms_in_use():
    """Return {(vocabulary, code): term}."""
    return {(term.vocabulary, term.code): term for term in Term.objects.in_use()}


def places_of(mapping, by):
    """Return the places of the register that ``by`` may know of, if the mapping asks for any."""
    if mapping.position.place is None:
        return {}
    places = Place.objects.visible_to(by).in_bulk()
    named = defaultdict(set)
    for key, place in places.items():
        named[place.label].add(key)
    for key, text in Name.objects.filter(place__isnull=False).words().values_list("place", "text"):
        if key in places:
            named[text].add(key)
    by_name = {name: places[next(iter(keys))] for name, keys in named.items() if len(keys) == 1}
    return by_name | {place.ref: place for place in places.values()}


def key_of(mapping):
    """Return what tells one supplier's list from another."""
    rules = mapping.supplier
    return hashlib.sha256("\n".join([rules.name, rules.source, rules.date]).encode()).hexdigest()


def planned_ground(mapping, by=None):
    """Return the ground with the supplier as it is in the register, or as it will be. Raises: Refused."""
    known = Supplier.objects.filter(key=key_of(mapping)).select_related("actor", "source__kind").first()
    if known:
        return Ground(mapping, known.actor, known.source, terms_in_use(), places_of(mapping, by), References(by))
    return Ground(
        mapping,
        judged(actor_form(mapping)),
        judged(source_form(mapping)),
        terms_in_use(),
        places_of(mapping, by),
        References(by),
    )


@transaction.atomic
def laid_ground(mapping, by):
    """Return the ground with the supplier in the register, entered now if it is not there. Raises: Refused."""
    key = key_of(mapping)
    known = Supplier.objects.filter(key=key).select_related("actor", "source__kind").first()
    if known is None:
        reason = _("Supplier of an import")
        rules = mapping.supplier
        actor = Actor.objects.filter(label=rules.name, kind=rules.kind).order_by("pk").first()
        actor = actor or lifecycle.register(judged(actor_form(mapping)), by, reason)
        source = lifecycle.register(judged(source_form(mapping)), by, reason)
        known = Supplier.objects.create(key=key, actor=actor, source=source)
    references = References(by, _("Referred to in “%(source)s”") % {"source": mapping.supplier.source})
    return Ground(mapping, known.actor, known.source, terms_in_use(), places_of(mapping, by), references)


def judged(form):
    """Return the row of a form that is valid, not saved. Raises: Refused with what is wrong."""
    if form.is_valid():
        return form.save(commit=False)
    faults = [f"{field}: {message}" for field, messages in form.errors.items() for message in messages]
    raise Refused([_("The supplier in the mapping cannot be entered. %(faults)s") % {"faults": " ".join(faults)}])


def actor_form(mapping):
    return ActorForm({"label": mapping.supplier.name, "kind": mapping.supplier.kind, "note": ""})


def source_form(mapping):
    rules = mapping.supplier
    kind = Term.objects.filter(vocabulary="source_kind", code=rules.source_kind).first()
    return SourceForm(
        {
            "title": rules.source,
            "publisher": rules.name,
            "authors": f"{rules.attribution} ({rules.licence})",
            "kind": kind and kind.pk,
            "language": rules.language,
            "url": rules.url,
            "identifier": rules.identifier,
            "stance": rules.stance,
            "standard_of_proof": StandardOfProof.NOT_STATED.value,
            "read_state": ReadState.IN_PART.value,
            "access_level": SourceAccess.PUBLIC.value,
            "date": rules.date,
            "note": _("Licence: %(licence)s. To be named: %(attribution)s.")
            % {"licence": rules.licence, "attribution": rules.attribution},
        }
    )
