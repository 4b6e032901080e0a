"""The registered thing: almost no data of its own, everything else is a claim about it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered, Subject, SubjectQuerySet, Text, sealed_index
from heritage.registry.vocabulary import Kind, NameKind, Precision, RelationKind


class MonumentQuerySet(SubjectQuerySet):
    """Monuments, cemeteries, sites and collections."""

    def lacking_name(self):
        return self.exclude(names__kind__in=set(NameKind.values) - {NameKind.REGISTER_NUMBER})

    def lacking_location(self):
        return self.filter(locations__isnull=True)

    def lacking_claim(self):
        return self.filter(claims__isnull=True)


class Monument(Subject):
    """A monument, cemetery, site or collection."""

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.MONUMENT)
    types = models.ManyToManyField(
        "registry.Term", verbose_name=_("types"), related_name="+", limit_choices_to={"vocabulary": "monument_type"}
    )
    label = Text(_("working title"), help_text=_("Neutral, for the desk; the names are recorded apart."))
    itemised = models.BooleanField(
        _("itemised"), default=True, help_text=_("Not ticked: a group that nobody has listed one by one.")
    )
    public_precision = models.CharField(_("precision shown"), max_length=10, choices=Precision, default=Precision.KM1)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    related = models.ManyToManyField("self", through="Relation", symmetrical=False, related_name="+")

    objects = MonumentQuerySet.as_manager()
    sealed_with = ("merged_into",)

    class Meta:
        ordering = ["label", "ref"]
        verbose_name = _("monument")
        permissions = [("publish_monument", "Can publish, return, withdraw and merge monuments")]
        constraints = [
            models.CheckConstraint(
                name="monument_has_label",
                condition=~Q(label=""),
                violation_error_message=_("A working title is needed."),
            ),
            models.CheckConstraint(
                name="monument_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                violation_error_message=_("A monument is not merged into itself."),
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "stage", "label"], name="monument_kind_stage_label"),
            models.Index(fields=["changed_at"], condition=Q(changed_at__isnull=False), name="monument_changed"),
            sealed_index("monument"),
        ]

    def __str__(self):
        return self.label


class KindManager(models.Manager.from_queryset(MonumentQuerySet)):
    """Only the monuments of one kind."""

    def __init__(self, *kinds):
        super().__init__()
        self.kinds = kinds

    def get_queryset(self):
        return super().get_queryset().filter(kind__in=self.kinds)


class Cemetery(Monument):
    """A burial ground."""

    objects = KindManager(Kind.CEMETERY)

    class Meta:
        proxy = True
        verbose_name = _("cemetery")
        verbose_name_plural = _("cemeteries")


class Site(Monument):
    """An archaeological site, settlement, quarter, landscape or ensemble."""

    objects = KindManager(Kind.SITE)

    class Meta:
        proxy = True
        verbose_name = _("site")


class Collection(Monument):
    """A museum or its holdings."""

    objects = KindManager(Kind.COLLECTION)

    class Meta:
        proxy = True
        verbose_name = _("collection")


class Relation(Registered):
    """How one monument relates to another. State never flows along relations."""

    monument = models.ForeignKey(Monument, models.CASCADE, related_name="relations", verbose_name=_("monument"))
    kind = models.CharField(_("kind"), max_length=18, choices=RelationKind)
    other = models.ForeignKey(Monument, models.CASCADE, related_name="relations_to", verbose_name=_("other monument"))
    source = models.ForeignKey("registry.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    locator = Text(_("locator"), blank=True)
    note = LongText(_("desk note"), blank=True)

    sealed_with = ("monument", "other")

    class Meta:
        ordering = ["kind", "ref"]
        verbose_name = _("relation")
        constraints = [
            models.CheckConstraint(
                name="relation_not_to_itself",
                condition=~Q(monument=F("other")),
                violation_error_message=_("A monument is not related to itself."),
            ),
            models.UniqueConstraint(
                fields=["monument", "kind", "other"],
                name="relation_once",
                violation_error_message=_("This relation is already recorded."),
            ),
        ]

    def __str__(self):
        return f"{self.monument} – {self.get_kind_display()} – {self.other}"

    def clean(self):
        if self.kind == RelationKind.PART_OF and self.monument_id and self.other_id and self.closes_a_circle():
            raise ValidationError(
                {
                    "other": _(
                        "“%(other)s” is already part of “%(monument)s”, directly or through others. A part cannot contain its whole."
                    )
                    % {"other": self.other, "monument": self.monument}
                }
            )

    def closes_a_circle(self):
        """Tell whether ``other`` is already, through any number of steps, a part of ``monument``."""
        reached, frontier = set(), {self.other_id}
        while frontier:
            if self.monument_id in frontier:
                return True
            reached |= frontier
            steps = Relation.objects.filter(kind=RelationKind.PART_OF, monument__in=frontier).exclude(pk=self.pk)
            frontier = set(steps.values_list("other", flat=True)) - reached
        return False
