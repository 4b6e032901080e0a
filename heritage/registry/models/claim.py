"""Claims: each by a claimant, about one subject, resting on citations."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import (
    Dated,
    Edited,
    LongText,
    Registered,
    RegisteredQuerySet,
    Text,
    exactly_one,
    known_warnings,
    sealed_index,
)
from heritage.registry.models.source import Source
from heritage.registry.vocabulary import (
    AccessLevel,
    AttributionBasis,
    AttributionFacet,
    Certainty,
    CountQualifier,
    LinkKind,
    Standing,
    Verification,
)


class ClaimQuerySet(RegisteredQuerySet):
    """Claims of any sort."""

    def standing(self):
        return self.filter(standing=Standing.STANDING)

    def uncited(self):
        return self.filter(citations__isnull=True)

    def maintained(self):
        """Return those that the registry itself has not withdrawn."""
        return self.exclude(standing=Standing.WITHDRAWN_BY_REGISTRY)

    def shown(self):
        """Return those that readers may see (see ``visibility.why_hidden``)."""
        readable = self.maintained().filter(access_level=AccessLevel.PUBLIC)
        return readable.filter(citations__source__in=Source.objects.shown()).distinct()


class Claim(Edited, Dated):
    """What a claimant says about one monument or place. Concrete base of the four sorts of claim."""

    monument = models.ForeignKey("registry.Monument", models.CASCADE, null=True, blank=True, related_name="claims")
    place = models.ForeignKey("registry.Place", models.CASCADE, null=True, blank=True, related_name="claims")
    claimant = models.ForeignKey("registry.Actor", models.PROTECT, related_name="claims", verbose_name=_("claimant"))
    summary = Text(_("summary"), help_text=_("In your own words, neutral, at most 300 characters."))
    quote = LongText(_("quotation"), blank=True, help_text=_("Short, and only where the wording is the claim."))
    certainty = models.CharField(_("certainty"), max_length=12, choices=Certainty, default=Certainty.NOT_ASSESSED)
    verification = models.CharField(
        _("verification"), max_length=14, choices=Verification, default=Verification.UNREVIEWED
    )
    standing = models.CharField(
        _("standing"), max_length=21, choices=Standing, default=Standing.STANDING, editable=False
    )
    access_level = models.CharField(_("access level"), max_length=10, choices=AccessLevel, default=AccessLevel.PUBLIC)
    content_warnings = models.JSONField(_("content warnings"), default=list, blank=True, validators=[known_warnings])
    note = LongText(_("desk note"), blank=True, help_text=_("For curators only; never published."))

    objects = ClaimQuerySet.as_manager()
    sealed_with = ("monument", "place")

    class Meta:
        ordering = ["hi", "lo", "ref"]
        verbose_name = _("claim")
        indexes = [sealed_index("claim")]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="claim_about_one_subject",
                condition=exactly_one("monument", "place"),
                violation_error_message=_("A claim is about exactly one monument or place."),
            ),
            models.CheckConstraint(
                name="claim_has_summary",
                condition=~Q(summary=""),
                violation_error_message=_("A claim needs a summary."),
            ),
        ]

    def __str__(self):
        return self.summary

    @property
    def subject(self):
        return self.monument or self.place


class Attribution(Claim):
    """Who made it, for whom, when or by what right, as claimed. Several stand side by side, none is accepted."""

    facet = models.CharField(_("facet"), max_length=20, choices=AttributionFacet)
    value = Text(_("value"), max_length=500)
    argued_from = models.CharField(
        _("argued from"), max_length=20, choices=AttributionBasis, default=AttributionBasis.NOT_STATED
    )

    class Meta:
        verbose_name = _("attribution")
        constraints = [
            models.CheckConstraint(
                name="attribution_has_value",
                condition=~Q(value=""),
                violation_error_message=_("An attribution needs its value."),
            )
        ]


class Protection(Claim):
    """A listing, convention or measure that protects the subject or a class that it belongs to."""

    kind = models.ForeignKey(
        "registry.Term",
        models.PROTECT,
        related_name="+",
        limit_choices_to={"vocabulary": "protection_kind"},
        verbose_name=_("kind"),
    )
    authority = models.ForeignKey(
        "registry.Actor", models.PROTECT, related_name="protections", verbose_name=_("authority")
    )
    reference_number = Text(_("reference number"), blank=True, max_length=120)
    binds = models.ForeignKey(
        "registry.Actor", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whom it binds")
    )
    covers = Text(
        _("class it covers"),
        blank=True,
        help_text=_("Empty: it names this very monument. Otherwise the class that it names."),
    )
    interim = models.BooleanField(
        _("interim measure"), default=False, help_text=_("A court's interim measure, which makes no finding of fact.")
    )
    ended = Text(_("end"), blank=True, help_text=_("How and when it ended, if it did."))

    class Meta:
        verbose_name = _("protection")


class Count(Claim):
    """A number as a claimant gives it. Never summed, never reconciled, never mixed with the register's own totals."""

    predicate = models.ForeignKey(
        "registry.Term",
        models.PROTECT,
        related_name="+",
        limit_choices_to={"vocabulary": "count_predicate"},
        verbose_name=_("what is said"),
    )
    counted = Text(_("what is counted"), max_length=200)
    value = models.BigIntegerField(_("number"), null=True, blank=True)
    number_qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=CountQualifier, default=CountQualifier.EXACTLY
    )
    scope_note = Text(_("scope"), blank=True)
    part_of_count = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of the count")
    )

    class Meta:
        verbose_name = _("count")
        constraints = [
            models.CheckConstraint(
                name="count_value_unless_all",
                condition=Q(value__isnull=False, value__gte=0)
                | Q(value__isnull=True, number_qualifier=CountQualifier.ALL),
                violation_error_message=_("Give the number, zero or more; only “all” goes without one."),
            )
        ]


class ClaimLink(Registered):
    """How one claim relates to another: ``claim`` – kind – ``other``."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="links", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=12, choices=LinkKind)
    other = models.ForeignKey(Claim, models.CASCADE, related_name="links_to", verbose_name=_("other claim"))
    note = Text(_("note"), blank=True, help_text=_("What the difference is about; readers see it."))

    sealed_with = ("claim", "other")

    class Meta:
        ordering = ["kind", "ref"]
        verbose_name = _("link between claims")
        verbose_name_plural = _("links between claims")
        constraints = [
            models.CheckConstraint(
                name="claimlink_not_to_itself",
                condition=~Q(claim=F("other")),
                violation_error_message=_("A claim is not linked to itself."),
            ),
            models.UniqueConstraint(
                fields=["claim", "kind", "other"],
                name="claimlink_once",
                violation_error_message=_("This link is already recorded."),
            ),
        ]

    def __str__(self):
        return f"{self.claim} – {self.get_kind_display()} – {self.other}"

    def clean(self):
        if self.kind == LinkKind.CORROBORATES and self.claim_id and self.other_id and self.is_dependent():
            raise ValidationError(
                {
                    "kind": _(
                        "The two claims depend on one another (same claimant, or one derives from the other), so they do not corroborate."
                    )
                }
            )

    def is_dependent(self):
        """Tell whether the two claims share a claimant or one is recorded as derived from the other."""
        derived = ClaimLink.objects.filter(kind=LinkKind.DERIVED_FROM).filter(
            Q(claim=self.claim_id, other=self.other_id) | Q(claim=self.other_id, other=self.claim_id)
        )
        return self.claim.claimant_id == self.other.claimant_id or derived.exists()
