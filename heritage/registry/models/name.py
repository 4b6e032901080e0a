"""Names of monuments and places, in every language on the same footing."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import Dated, Registered, RegisteredQuerySet, Text, exactly_one
from heritage.registry.vocabulary import NameKind

LANGUAGE_TAG = re.compile(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-[a-z0-9]{5,8})*$")
SCRIPT_CODE = re.compile(r"^[A-Z][a-z]{3}$")


class NameQuerySet(RegisteredQuerySet):
    """Names and numbers."""

    def numbers(self):
        return self.filter(kind=NameKind.REGISTER_NUMBER)

    def words(self):
        return self.exclude(kind=NameKind.REGISTER_NUMBER)


class Name(Registered, Dated):
    """A name of one monument or place. No language outranks another; pages show them alphabetically."""

    monument = models.ForeignKey("registry.Monument", models.CASCADE, null=True, blank=True, related_name="names")
    place = models.ForeignKey("registry.Place", models.CASCADE, null=True, blank=True, related_name="names")
    text = Text(_("name"))
    language = models.CharField(
        _("language"),
        max_length=24,
        blank=True,
        validators=[RegexValidator(LANGUAGE_TAG, _("Use a BCP 47 language tag such as “hy”, “az” or “az-Cyrl”."))],
    )
    script = models.CharField(
        _("script"),
        max_length=4,
        blank=True,
        validators=[RegexValidator(SCRIPT_CODE, _("Use an ISO 15924 code such as “Latn”, “Armn” or “Cyrl”."))],
    )
    kind = models.CharField(_("kind"), max_length=16, choices=NameKind, default=NameKind.ALTERNATIVE)
    scheme = Text(
        _("scheme"), blank=True, max_length=80, help_text=_("For numbers: the list or database they are from.")
    )
    source = models.ForeignKey("registry.Source", models.PROTECT, null=True, blank=True, verbose_name=_("source"))
    locator = Text(_("locator"), blank=True)

    objects = NameQuerySet.as_manager()
    sealed_with = ("monument", "place")

    class Meta:
        ordering = ["text", "ref"]
        verbose_name = _("name")
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="name_of_one_subject",
                condition=exactly_one("monument", "place"),
                violation_error_message=_("A name belongs to exactly one monument or place."),
            ),
            models.CheckConstraint(
                name="name_not_empty", condition=~Q(text=""), violation_error_message=_("A name needs its text.")
            ),
            models.CheckConstraint(
                name="name_number_has_scheme",
                condition=Q(kind=NameKind.REGISTER_NUMBER) & ~Q(scheme="")
                | ~Q(kind=NameKind.REGISTER_NUMBER) & Q(scheme=""),
                violation_error_message=_("A register number needs its scheme; other names have none."),
            ),
            models.CheckConstraint(
                name="name_words_have_language",
                condition=Q(kind=NameKind.REGISTER_NUMBER) | ~Q(language="") & ~Q(script=""),
                violation_error_message=_("A name needs its language and script."),
            ),
            models.UniqueConstraint(
                fields=["scheme", "text"],
                condition=Q(kind=NameKind.REGISTER_NUMBER),
                name="name_number_once",
                violation_error_message=_("This number of this scheme is already registered."),
            ),
            *(
                models.UniqueConstraint(
                    fields=[subject, "language", "script"],
                    condition=Q(kind=NameKind.PREFERRED),
                    name=f"name_preferred_once_{subject}",
                    violation_error_message=_("There is already a preferred name in this language and script."),
                )
                for subject in ("monument", "place")
            ),
        ]

    def __str__(self):
        return self.text

    def clean(self):
        if self.text and not self.text.strip():
            raise ValidationError({"text": _("A name needs more than blanks.")})
