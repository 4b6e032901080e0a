"""Mark the published records that tell less than before when they are published again: of sources, media and originals."""

from django.db import migrations
from django.db.models import Q
from django.utils import timezone


def mark(apps, schema_editor):
    """Mark more rather than fewer: what reads as before makes no new version when it is published."""
    source = apps.get_model("registry", "Source").objects
    told_less = source.filter(Q(access_level="withheld") | Q(derives_from__isnull=False)).values("pk")
    cites = Q(citations__source__in=told_less) | Q(citations__reported_from__isnull=False)
    claims = apps.get_model("registry", "Claim").objects.filter(cites)
    monument, place = apps.get_model("registry", "Monument"), apps.get_model("registry", "Place")
    own = {
        monument: [
            Q(media__held=True),
            *(Q(**{f"{name}__source__in": told_less}) for name in ("media", "names", "locations", "relations", "relations_to")),
            Q(pk__in=claims.filter(monument__isnull=False).values("monument")),
        ],
        place: [
            *(Q(**{f"{name}__source__in": told_less}) for name in ("names", "memberships")),
            Q(pk__in=claims.filter(place__isnull=False).values("place")),
        ],
    }
    for model, conditions in own.items():
        for condition in conditions:
            found = model.objects.filter(condition).values("pk")
            model.objects.filter(pk__in=found, stage="published", changed_at=None).update(
                changed_at=timezone.now().replace(microsecond=0)
            )


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_journal_of_accounts")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop, elidable=True)]
