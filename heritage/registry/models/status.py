"""The dated statements that the state of a monument is derived from."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import Text
from heritage.registry.models.claim import Claim
from heritage.registry.vocabulary import VALUES_OF_ASPECT, Aspect, Completeness, Intent, Mode, Probability, Scope


def value_of_its_aspect():
    """Return the condition that a value, where there is one, is from the vocabulary of its aspect."""
    condition = Q(value="")
    for aspect, values in VALUES_OF_ASPECT.items():
        condition |= Q(aspect=aspect, value__in=values.values)
    return condition


class Status(Claim):
    """A change, a state seen, or a threat, as a claimant reports it."""

    mode = models.CharField(_("mode"), max_length=11, choices=Mode)
    aspect = models.CharField(_("aspect"), max_length=11, choices=Aspect, default=Aspect.CONDITION)
    value = models.CharField(_("value"), max_length=30, blank=True)
    effects = models.ManyToManyField(
        "registry.Term",
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": "effect"},
        verbose_name=_("effects"),
    )
    cause = models.ForeignKey(
        "registry.Term",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": "cause"},
        verbose_name=_("cause"),
    )
    agent = models.ForeignKey(
        "registry.Actor", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("agent as claimed")
    )
    intent = models.CharField(_("intent as claimed"), max_length=11, choices=Intent, default=Intent.NOT_STATED)
    stated_purpose = Text(_("stated purpose"), blank=True)
    scope = models.CharField(_("scope"), max_length=9, choices=Scope, default=Scope.WHOLE)
    part_affected = Text(_("part affected"), blank=True)
    completeness = models.CharField(_("completeness"), max_length=10, choices=Completeness, blank=True)
    extent_min = models.PositiveSmallIntegerField(_("extent from (%)"), null=True, blank=True)
    extent_max = models.PositiveSmallIntegerField(_("extent to (%)"), null=True, blank=True)
    probability = models.CharField(_("probability"), max_length=8, choices=Probability, blank=True)
    reported_grade = Text(_("grade as reported"), blank=True, help_text=_("In the source's own scale."))

    class Meta:
        verbose_name = _("status claim")
        verbose_name_plural = _("status claims")
        constraints = [
            models.CheckConstraint(
                name="status_value_of_its_aspect",
                condition=value_of_its_aspect(),
                violation_error_message=_("This value does not belong to this aspect."),
            ),
            models.CheckConstraint(
                name="status_threat_has_probability",
                condition=Q(mode=Mode.THREAT) & ~Q(probability="") | ~Q(mode=Mode.THREAT) & Q(probability=""),
                violation_error_message=_("A threat needs a probability; an event or observation has none."),
            ),
            models.CheckConstraint(
                name="status_threat_has_no_value",
                condition=~Q(mode=Mode.THREAT) | Q(value=""),
                violation_error_message=_("A threat has not happened, so it has no value. Leave the value empty."),
            ),
            models.CheckConstraint(
                name="status_observation_has_value",
                condition=~Q(mode=Mode.OBSERVATION) | ~Q(value=""),
                violation_error_message=_("An observation needs the value that was seen."),
            ),
            models.CheckConstraint(
                name="status_part_has_name",
                condition=~Q(scope=Scope.PART) | ~Q(part_affected=""),
                violation_error_message=_("Name the part that the claim speaks of."),
            ),
            models.CheckConstraint(
                name="status_extent_in_percent",
                condition=(Q(extent_min__isnull=True) | Q(extent_min__lte=100))
                & (Q(extent_max__isnull=True) | Q(extent_max__lte=100))
                & (Q(extent_min__isnull=True) | Q(extent_max__isnull=True) | Q(extent_min__lte=models.F("extent_max"))),
                violation_error_message=_(
                    "The extent runs from a smaller to a larger share, both at most 100 per cent."
                ),
            ),
        ]

    def effects_fit(self, effects):
        """Raise if the number of ``effects`` does not suit the mode; they are rows of their own, so no constraint can."""
        if self.mode == Mode.OBSERVATION and effects:
            raise ValidationError(
                {
                    "effects": _(
                        "An observation says what was seen, not what was done. Remove the effects or record an event."
                    )
                }
            )
        if self.mode == Mode.EVENT and not effects:
            raise ValidationError(
                {
                    "effects": _(
                        "An event needs an effect; choose “Not stated” if the source does not say what was done."
                    )
                }
            )
