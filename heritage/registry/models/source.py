"""What claims rest on: documents, pages, films, scenes, orders."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import (
    Dated,
    Edited,
    LongText,
    RegisteredQuerySet,
    Text,
    known_warnings,
    sealed_index,
)
from heritage.registry.vocabulary import ReadState, SourceAccess, Stance, StandardOfProof, WithholdingReason


class SourceQuerySet(RegisteredQuerySet):
    """Sources, by how far they may be shown and have been read."""

    def read(self):
        return self.exclude(read_state=ReadState.NOT_READ)

    def hidden(self):
        """Return those that may not appear in public: sealed, or read by nobody (see ``visibility.source_is_public``)."""
        return self.filter(Q(access_level=SourceAccess.SEALED) | Q(read_state=ReadState.NOT_READ))

    def shown(self):
        """Return those that may appear, by their details or as "source withheld"."""
        return self.read().exclude(access_level=SourceAccess.SEALED)


class Source(Edited, Dated):
    """A source. A claim is published only with a citation to one that was read."""

    title = Text(_("title"), max_length=500)
    publisher = Text(_("publisher"), blank=True)
    authors = Text(_("authors"), blank=True, help_text=_("As printed on the publication. No private persons."))
    kind = models.ForeignKey(
        "registry.Term",
        models.PROTECT,
        related_name="+",
        limit_choices_to={"vocabulary": "source_kind"},
        verbose_name=_("kind"),
    )
    language = models.CharField(_("language"), max_length=24, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    archived_url = models.URLField(_("archived address"), max_length=500, blank=True)
    retrieved_on = models.DateField(_("retrieved on"), null=True, blank=True)
    identifier = Text(_("identifier"), blank=True, help_text=_("DOI, ISBN, case number or the like."))
    stance = models.CharField(_("stance"), max_length=20, choices=Stance, blank=True)
    standard_of_proof = models.CharField(
        _("standard of proof"), max_length=30, choices=StandardOfProof, default=StandardOfProof.NOT_STATED
    )
    read_state = models.CharField(_("read"), max_length=10, choices=ReadState, default=ReadState.NOT_READ)
    derives_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="derived", verbose_name=_("derives from")
    )
    access_level = models.CharField(_("access level"), max_length=10, choices=SourceAccess, default=SourceAccess.PUBLIC)
    withheld_because = models.CharField(
        _("reason for withholding"), max_length=16, choices=WithholdingReason, blank=True
    )
    content_warnings = models.JSONField(_("content warnings"), default=list, blank=True, validators=[known_warnings])
    note = LongText(_("desk note"), blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "ref"]
        verbose_name = _("source")
        indexes = [sealed_index("source")]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                name="source_has_title", condition=~Q(title=""), violation_error_message=_("A source needs a title.")
            ),
            models.CheckConstraint(
                name="source_withheld_with_reason",
                condition=~Q(access_level=SourceAccess.WITHHELD) | ~Q(withheld_because=""),
                violation_error_message=_("A withheld source needs the class of the reason, which readers see."),
            ),
            models.CheckConstraint(
                name="source_not_derived_from_itself",
                condition=Q(derives_from__isnull=True) | ~Q(derives_from=F("id")),
                violation_error_message=_("A source does not derive from itself."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_read(self):
        return self.read_state != ReadState.NOT_READ
