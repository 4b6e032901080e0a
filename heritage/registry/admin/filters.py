"""Filters of the desk's lists: what is missing, what changed since it was published."""

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from heritage.registry.models import Claim, PlaceMembership
from heritage.registry.vocabulary import NameKind, ReadState, SourceAccess


def claims_of(subject, user):
    """Return the claims of the row that is looked at, of those that ``user`` may know of."""
    return Claim.objects.visible_to(user).filter(**{subject: OuterRef("pk")})


class Missing(SimpleListFilter):
    """What a record still lacks."""

    title = _("what is missing")
    parameter_name = "missing"
    lacks = [
        ("name", _("a name")),
        ("location", _("a location")),
        ("position", _("coordinates")),
        ("type", _("a type")),
        ("claim", _("a claim")),
        ("citation", _("a citation on some claim")),
        ("reading", _("a read source on some claim")),
    ]
    subject = "monument"

    def lookups(self, request, model_admin):
        return self.lacks

    def queryset(self, request, queryset):
        self.user = request.user
        found = getattr(self, f"without_{self.value()}", None) if self.value() in dict(self.lacks) else None
        return queryset if found is None else found(queryset)

    @property
    def claims(self):
        return claims_of(self.subject, self.user)

    def without_name(self, rows):
        return rows.exclude(names__kind__in=set(NameKind.values) - {NameKind.REGISTER_NUMBER})

    def without_location(self, rows):
        return rows.filter(locations__isnull=True)

    def without_position(self, rows):
        return rows.exclude(locations__latitude__isnull=False)

    def without_type(self, rows):
        return rows.filter(types__isnull=True)

    def without_claim(self, rows):
        return rows.filter(~Exists(self.claims))

    def without_citation(self, rows):
        return rows.filter(Exists(self.claims.standing().filter(citations__isnull=True)))

    def without_reading(self, rows):
        read = Claim.objects.filter(
            pk=OuterRef("pk"),
            citations__source__read_state__in=[ReadState.IN_FULL, ReadState.IN_PART],
            citations__source__access_level__in=[SourceAccess.PUBLIC, SourceAccess.WITHHELD],
        )
        return rows.filter(Exists(self.claims.standing().filter(~Exists(read))))


class MissingOfPlace(Missing):
    """What a place still lacks."""

    subject = "place"
    lacks = [
        ("name", _("a name")),
        ("point", _("coordinates")),
        ("membership", _("a larger place")),
        ("citation", _("a citation on some claim")),
        ("reading", _("a read source on some claim")),
    ]

    def without_point(self, rows):
        return rows.filter(latitude__isnull=True)

    def without_membership(self, rows):
        seen = PlaceMembership.objects.visible_to(self.user).filter(place=OuterRef("pk"))
        return rows.filter(~Exists(seen))


class HeldOrChanged(SimpleListFilter):
    """Published records whose edition may be out of date, and records that are held back."""

    title = _("what to attend to")
    parameter_name = "attend"

    def lookups(self, request, model_admin):
        return [("changed", _("Changed since published")), ("held", _("Held back"))]

    def queryset(self, request, queryset):
        if self.value() == "changed":
            return queryset.changed_since_published()
        return queryset.exclude(hold="") if self.value() == "held" else queryset


class Mine(SimpleListFilter):
    """What this curator edited last."""

    title = _("last editor")
    parameter_name = "editor"

    def lookups(self, request, model_admin):
        return [("me", _("Me")), ("others", _("Others"))]

    def queryset(self, request, queryset):
        if self.value() == "me":
            return queryset.filter(edited_by=request.user)
        return queryset.exclude(edited_by=request.user) if self.value() == "others" else queryset
