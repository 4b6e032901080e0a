"""How what belongs to a merged monument comes to its survivor, and what must not come to it."""

from django.db.models import F, Q
from django.utils.translation import gettext as _

from heritage.registry.contributions import FINENESS, OPENNESS, rank
from heritage.registry.models import Relation
from heritage.registry.vocabulary import NameKind


def why_merger_opens(monument, into):
    """Yield why readers of ``into`` would see more of ``monument`` than was decided for it."""
    if monument.hold.strip() and not into.hold.strip():
        yield _("This record is held back: %(reason)s End the hold before you merge it.") % {
            "reason": monument.hold.strip()
        }
    if rank(OPENNESS, monument.access_level) < rank(OPENNESS, into.access_level):
        yield _(
            "The access level of this record is “%(level)s”, that of “%(other)s” is “%(open)s”, which would open what this "
            "record holds. Give both the same level first."
        ) % {
            "level": monument.get_access_level_display(),
            "other": into,
            "open": into.get_access_level_display(),
        }
    finer = rank(FINENESS, monument.public_precision) < rank(FINENESS, into.public_precision)
    if finer and monument.locations.exists():
        yield _(
            "Readers see the position of this record as “%(precision)s”, that of “%(other)s” as “%(finer)s”, which would "
            "become that of both. Give both the same precision first."
        ) % {
            "precision": monument.get_public_precision_display(),
            "other": into,
            "finer": into.get_public_precision_display(),
        }


def move_to(monument, survivor):
    """Give ``survivor`` the claims, names, locations, relations and media of ``monument``; return the references moved."""
    return {
        "claims": hand_over(monument.claims.all(), survivor),
        "names": [name.ref for name in monument.names.all() if takes_name(survivor, name)],
        "locations": [location.ref for location in monument.locations.all() if takes_location(survivor, location)],
        "relations": [
            relation.ref
            for relation in Relation.objects.filter(Q(monument=monument) | Q(other=monument))
            if takes_relation(monument, survivor, relation)
        ],
        "media": hand_over(monument.media.all(), survivor),
    }


def hand_over(rows, survivor):
    """Give all ``rows`` to ``survivor``; return their references. Whoever has one of them open is told when saving it."""
    refs = sorted(rows.values_list("ref", flat=True))
    rows.update(monument=survivor, revision=F("revision") + 1)
    return refs


def takes_name(survivor, name):
    """Give ``name`` to ``survivor`` unless it has the same; a second preferred name becomes an alternative one."""
    own = survivor.names.filter(language=name.language, script=name.script)
    if own.filter(text=name.text, scheme=name.scheme).exists():
        return False
    if name.kind == NameKind.PREFERRED and own.filter(kind=NameKind.PREFERRED).exists():
        name.kind = NameKind.ALTERNATIVE
    name.monument = survivor
    name.save(update_fields=["monument", "kind"])
    return True


def takes_location(survivor, location):
    """Give ``location`` to ``survivor``, which goes on showing its own if it shows one."""
    if location.shown and survivor.locations.filter(shown=True).exists():
        location.shown = False
    location.monument = survivor
    location.save(update_fields=["monument", "shown"])
    return True


def takes_relation(monument, survivor, relation):
    """Put ``survivor`` in the place of ``monument`` unless it would relate to itself, circle, or say the same twice."""
    here = "monument" if relation.monument_id == monument.pk else "other"
    setattr(relation, here, survivor)
    if relation.monument_id == relation.other_id or (relation.kind == "part_of" and relation.closes_a_circle()):
        return False
    same = Relation.objects.filter(monument=relation.monument, kind=relation.kind, other=relation.other)
    if same.exists():
        return False
    relation.save(update_fields=[here])
    return True
