"""What readers do not see, by class and number and with no identifying detail: for full bags only.

The reasons are those of ``registry.visibility``, as one count each.
"""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heritage.catalogue.models import Edition
from heritage.registry import models as desk
from heritage.registry.custodians import eligible
from heritage.registry.models.sealing import closed
from heritage.registry.vocabulary import AccessLevel, Precision, SourceAccess, Stage, Standing

HEAD = ("what", "why", "rows")
SEALABLE = (desk.Monument, desk.Place, desk.Claim, desk.Media, desk.Source)


def rows():
    """Yield (what, why, number) for each class of which there is something."""
    for what, why, found in classes():
        if number := found.count():
            yield what, why, number


def sealed():
    """Yield (what, number) of rows that are sealed."""
    for model in (desk.Monument, desk.Place, desk.Claim, desk.Media):
        if number := model.objects.filter(access_level=AccessLevel.SEALED).count():
            yield model._meta.model_name, number
    if number := desk.Source.objects.filter(access_level=SourceAccess.SEALED).count():
        yield "source", number


def not_kept_by(names):
    """Yield why the accounts ``names`` are not custodians of all that is sealed, a sentence for each of them."""
    for name in names:
        user = eligible().filter(username=name).first()
        if user is None:
            yield _("There is no active account “%(name)s” at the desk. A custodian is named by the account.") % {
                "name": name
            }
        elif others := sum(closed(user, model).count() for model in SEALABLE):
            told = ngettext(
                "“%(name)s” is not a custodian of %(n)d row that is sealed.",
                "“%(name)s” is not a custodian of %(n)d rows that are sealed.",
                others,
            )
            yield told % {"name": name, "n": others}


def classes():
    for model, name in ((desk.Monument, "monument"), (desk.Place, "place")):
        closed = model.objects.published().exclude(access_level=AccessLevel.PUBLIC)
        yield name, "draft: not reviewed yet", model.objects.drafts()
        yield name, "in review", model.objects.in_review()
        yield name, "withdrawn", model.objects.filter(stage=Stage.WITHDRAWN)
        yield name, "its access level is not public", closed
    yield "monument", "merged into another", desk.Monument.objects.filter(merged_into__isnull=False)
    pointed = desk.Location.objects.filter(latitude__isnull=False)
    yield "location", "shown less exactly than known", pointed.exclude(monument__public_precision=Precision.EXACT)
    yield "source", "sealed: leaves no trace", desk.Source.objects.filter(access_level=SourceAccess.SEALED)
    yield "source", "withheld: cited without details", desk.Source.objects.filter(access_level=SourceAccess.WITHHELD)
    unread = desk.Source.objects.exclude(access_level=SourceAccess.SEALED).filter(read_state="not_read")
    yield "source", "read by no curator yet", unread
    yield from claims()
    hidden = Q(source__in=desk.Source.objects.hidden())
    for model in (desk.Name, desk.Location, desk.Relation, desk.PlaceMembership):
        yield model._meta.model_name, "rests on a source that may not appear", model.objects.filter(hidden)
    yield "media", "its access level is not public", desk.Media.objects.exclude(access_level=AccessLevel.PUBLIC)
    bare = desk.Media.objects.filter(held=True).filter(Q(alt_text="") | Q(credit="") | Q(licence=""))
    yield "media", "held without text alternative, credit or licence", bare
    yield "edition", "closed to readers", Edition.objects.closed().exclude(record="")
    yield "edition", "its content was erased", Edition.objects.filter(record="")
    for found in (desk.Review.objects.all(), desk.Journal.objects.of_records(), desk.CustodyEvent.objects.all()):
        yield found.model._meta.model_name, "for the desk only", found


def claims():
    kept = desk.Claim.objects.exclude(standing=Standing.WITHDRAWN_BY_REGISTRY)
    yield "claim", "withdrawn by the registry", desk.Claim.objects.filter(standing=Standing.WITHDRAWN_BY_REGISTRY)
    yield "claim", "its access level is not public", kept.exclude(access_level=AccessLevel.PUBLIC)
    open_ones = kept.filter(access_level=AccessLevel.PUBLIC)
    unread = open_ones.exclude(
        pk__in=desk.Citation.objects.filter(source__in=desk.Source.objects.shown()).values("claim")
    )
    yield "claim", "none of its sources may appear", unread
