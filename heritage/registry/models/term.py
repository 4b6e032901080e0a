"""Controlled terms that a curator may extend."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered, RegisteredQuerySet
from heritage.registry.vocabulary import EXTENSIBLE


class TermQuerySet(RegisteredQuerySet):
    """Terms of the vocabularies."""

    def of(self, vocabulary):
        return self.filter(vocabulary=vocabulary)

    def in_use(self):
        return self.filter(retired_at__isnull=True)

    def woven(self):
        """Return the terms by primary key, each with its ``broader`` term in hand, in one query."""
        terms = {term.pk: term for term in self}
        for term in terms.values():
            if term.broader_id in terms:
                term.broader = terms[term.broader_id]
        return terms


class Term(Registered):
    """A term with its definition, its place in the hierarchy and its equivalents elsewhere. Retired, never deleted."""

    vocabulary = models.CharField(_("vocabulary"), max_length=30, choices=list(EXTENSIBLE.items()))
    code = models.SlugField(_("code"), max_length=40)
    labels = models.JSONField(_("labels"), default=dict, help_text=_('By language, for example {"en": "Church"}.'))
    definition = LongText(_("definition"), blank=True)
    broader = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="narrower")
    standard = models.CharField(_("standard"), max_length=120, blank=True)
    mappings = models.JSONField(_("equivalents"), default=dict, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_at = models.DateField(_("retired on"), null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["vocabulary", "order", "code"]
        verbose_name = _("term")
        constraints = [
            models.UniqueConstraint(
                fields=["vocabulary", "code"],
                name="term_code_once",
                violation_error_message=_("This vocabulary already has a term with this code."),
            )
        ]

    def __str__(self):
        return self.label

    @property
    def label(self):
        return self.labels.get("en") or self.code

    def lineage(self):
        """Return the term's code and those of all broader terms, nearest first."""
        term, codes = self, []
        while term is not None and term.code not in codes:
            codes.append(term.code)
            term = term.broader
        return codes
