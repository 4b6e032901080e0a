"""What was done at the desk, by whom and why; and what reviewers decided. Both are append-only."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.base import LongText, Registered, RegisteredQuerySet, exactly_one
from heritage.registry.models.sealing import ref_sealed_from
from heritage.registry.vocabulary import Decision

#: Kinds of entries that are not about records: accounts, groups, and who took what out of the desk.
ACCOUNT, GROUP, ACCESS = "account", "group", "access"
NOT_OF_RECORDS = (ACCOUNT, GROUP, ACCESS)


class AppendOnly(Registered):
    """A row that is written once."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise ValidationError(_("This row is append-only: add another that corrects it."))
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise ValidationError(_("This row is append-only."))


class JournalQuerySet(RegisteredQuerySet):
    """Entries of the journal."""

    def about(self, ref):
        return self.filter(subject_ref=ref)

    def of_records(self):
        """Return the entries about records, without those about accounts and about who took what out of the desk."""
        return self.exclude(subject_kind__in=NOT_OF_RECORDS)

    def visible_to(self, user):
        """Return the entries about what ``user`` may know of."""
        return self if user is None else self.exclude(ref_sealed_from(user, "subject_ref"))


class Journal(AppendOnly):
    """Who did which verb to which subject, when and why, with the row before and after. Outlives its user."""

    at = models.DateTimeField(_("when"))
    who = models.CharField(_("who"), max_length=150)
    verb = models.CharField(_("what"), max_length=30)
    subject_kind = models.CharField(_("kind of record"), max_length=30)
    subject_ref = models.CharField(_("record"), max_length=150, db_index=True)
    reason = LongText(_("reason"), blank=True)
    before = models.JSONField(_("before"), null=True, blank=True)
    after = models.JSONField(_("after"), null=True, blank=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal")

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.who} {self.verb}"


class Review(AppendOnly):
    """A reviewer's decision on a monument or place, with what was checked and the thought given to harm."""

    monument = models.ForeignKey("registry.Monument", models.CASCADE, null=True, blank=True, related_name="reviews")
    place = models.ForeignKey("registry.Place", models.CASCADE, null=True, blank=True, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    reviewer_name = models.CharField(_("reviewer"), max_length=150)
    at = models.DateTimeField(_("when"))
    decision = models.CharField(_("decision"), max_length=8, choices=Decision)
    checks = models.JSONField(_("checks"), default=list, blank=True)
    harm_check = LongText(_("harm check"), blank=True)
    rationale = LongText(_("rationale"), blank=True)

    sealed_with = ("monument", "place")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("review")
        constraints = [
            models.CheckConstraint(
                name="review_of_one_subject",
                condition=exactly_one("monument", "place"),
                violation_error_message=_("A review is of exactly one monument or place."),
            )
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.get_decision_display()}"
