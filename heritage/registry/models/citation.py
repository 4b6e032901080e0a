"""Where in a source a claim is found."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered, Text
from heritage.registry.vocabulary import CitationRole, Directness, MediaKind

ANCHORS = [CitationRole.LAST_UNCHANGED, CitationRole.FIRST_CHANGED]
TIMED_SOURCES = {"video", "web_page", "press_article", "statement", "official_statement", "monitoring_alert"}


class Citation(Registered):
    """A source cited for a claim. An anchor carries the date of the image or visit, which is the claim's bound."""

    claim = models.ForeignKey("registry.Claim", models.CASCADE, related_name="citations", verbose_name=_("claim"))
    source = models.ForeignKey("registry.Source", models.PROTECT, related_name="citations", verbose_name=_("source"))
    role = models.CharField(_("role"), max_length=14, choices=CitationRole, default=CitationRole.ASSERTS)
    locator = Text(_("locator"), blank=True, help_text=_("Page, paragraph, figure, chapter."))
    timecode_start = models.PositiveIntegerField(_("from second"), null=True, blank=True)
    timecode_end = models.PositiveIntegerField(_("to second"), null=True, blank=True)
    directness = models.CharField(_("directness"), max_length=9, choices=Directness, default=Directness.PRIMARY)
    reported_from = models.ForeignKey(
        "registry.Source", models.PROTECT, null=True, blank=True, related_name="relayed", verbose_name=_("relayed from")
    )
    evidence = models.ManyToManyField(
        "registry.Term",
        blank=True,
        related_name="+",
        limit_choices_to={"vocabulary": "evidence_kind"},
        verbose_name=_("evidence"),
    )
    quote = LongText(_("quotation"), blank=True)
    media = models.ForeignKey(
        "registry.Media", models.SET_NULL, null=True, blank=True, related_name="citations", verbose_name=_("media")
    )
    anchored_on = models.BigIntegerField(_("date of the anchor"), null=True, blank=True)

    sealed_with = ("claim", "source")

    class Meta:
        ordering = ["role", "ref"]
        verbose_name = _("citation")
        constraints = [
            models.CheckConstraint(
                name="citation_timecode_forward",
                condition=Q(timecode_start__isnull=True, timecode_end__isnull=True)
                | Q(timecode_start__isnull=False, timecode_end__isnull=True)
                | Q(timecode_start__isnull=False, timecode_end__gte=models.F("timecode_start")),
                violation_error_message=_("The time code ends before it starts, or has no start."),
            ),
            models.CheckConstraint(
                name="citation_anchor_has_date",
                condition=Q(role__in=ANCHORS, anchored_on__isnull=False)
                | (~Q(role__in=ANCHORS) & Q(anchored_on__isnull=True)),
                violation_error_message=_(
                    "“Last seen unchanged” and “first seen changed” carry their date; other roles none."
                ),
            ),
            models.CheckConstraint(
                name="citation_not_relayed_from_itself",
                condition=Q(reported_from__isnull=True) | ~Q(reported_from=models.F("source")),
                violation_error_message=_("A source does not relay itself."),
            ),
        ]

    def __str__(self):
        return f"{self.source}, {self.locator}" if self.locator else str(self.source)

    def clean(self):
        if self.source_id is None:
            return  # which its own field tells
        if self.timecode_start is not None and not self.has_running_time():
            raise ValidationError(
                {
                    "timecode_start": _(
                        "“%(source)s” is no film, sound or page with one: use the locator for pages and paragraphs."
                    )
                    % {"source": self.source}
                }
            )

    def has_running_time(self):
        """Tell whether a time code makes sense for what is cited."""
        if self.media_id:
            return self.media.kind in {MediaKind.VIDEO, MediaKind.AUDIO}
        return self.source.kind.code in TIMED_SOURCES
