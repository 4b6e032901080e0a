"""What every table of the desk has: a reference, and for the edited ones a revision and an editor."""

import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry import dates
from heritage.registry.models.sealing import may_see, sealed_from
from heritage.registry.refs import mint
from heritage.registry.vocabulary import AccessLevel, ContentWarning, HiBasis, Qualifier, Stage

FORBIDDEN_CATEGORIES = {"Cc", "Cs", "Co", "Cn"}
BREAKS = dict.fromkeys(map(ord, "\n\r\t"))
DIRECTION_MARKS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def plain_text(value):
    """Refuse control characters and invisible direction marks, which can make a text read as another."""
    if value.translate(BREAKS).isprintable():  # which none of them is; most texts need no look at each letter
        return
    for position, letter in enumerate(value, 1):
        if letter in DIRECTION_MARKS or (
            unicodedata.category(letter) in FORBIDDEN_CATEGORIES and letter not in "\n\r\t"
        ):
            raise ValidationError(
                _("Character %(position)d (U+%(code)s) is invisible or not text. Remove it."),
                code="not_plain",
                params={"position": position, "code": f"{ord(letter):04X}"},
            )


def known_warnings(value):
    """Refuse a content warning that is not in the vocabulary."""
    if not isinstance(value, list) or any(code not in ContentWarning.values for code in value):
        raise ValidationError(
            _("Content warnings are a list of: %(codes)s."), params={"codes": ", ".join(ContentWarning.values)}
        )


class Text(models.CharField):
    """One line of text, stored in Unicode normal form C, without control characters or direction marks."""

    in_normal_form = True

    def __init__(self, *args, max_length=300, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)
        self.validators = [*self.validators, plain_text]

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class LongText(models.TextField):
    """Several lines of text, in Unicode normal form C, without control characters or direction marks."""

    default_validators = [plain_text]
    in_normal_form = True

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return unicodedata.normalize("NFC", value) if isinstance(value, str) else value


class RegisteredQuerySet(models.QuerySet):
    """Rows that are known by their reference."""

    def get_by_natural_key(self, ref):
        return self.get(ref=ref)

    def visible_to(self, user):
        """Return what ``user`` may know of: all but what is sealed and kept by others. None is a command, which sees all."""
        return self if user is None else self.exclude(sealed_from(user, self.model))


class Registered(models.Model):
    """Anything that has an opaque reference: its natural key in fixtures, its name in addresses.

    ``sealed_with`` names the foreign keys to what it belongs to: where that is sealed, so is this row.
    """

    sealed_with = ()

    ref = models.CharField(_("reference"), max_length=40, unique=True, default=mint, editable=False)

    objects = RegisteredQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self):
        return (self.ref,)

    def is_visible_to(self, user):
        """Tell whether ``user`` may know of this row, as ``visible_to`` does; most rows need no query for that."""
        return user is None or may_see(user, self)


class Edited(Registered):
    """A row that curators edit together: ``revision`` grows by one with each saved edit."""

    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(_("last edited"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class SubjectQuerySet(RegisteredQuerySet):
    """Monuments or places, on their way to the reading room."""

    def drafts(self):
        return self.filter(stage=Stage.DRAFT)

    def in_review(self):
        return self.filter(stage=Stage.IN_REVIEW)

    def published(self):
        return self.filter(stage=Stage.PUBLISHED)

    def public(self):
        """Return those a reader may know of: published, open to anyone, not merged into another."""
        return self.published().filter(access_level=AccessLevel.PUBLIC)

    def changed_since_published(self):
        return self.published().filter(changed_at__isnull=False)


def sealed_index(table):
    """Return the index by which the few sealed rows of a large table are found."""
    return models.Index(fields=["ref"], condition=Q(access_level=AccessLevel.SEALED), name=f"{table}_sealed")


class Subject(Edited):
    """What claims are made about. ``changed_at`` is set while the desk may differ from the current edition."""

    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.DRAFT, editable=False)
    access_level = models.CharField(_("access level"), max_length=10, choices=AccessLevel, default=AccessLevel.PUBLIC)
    content_warnings = models.JSONField(_("content warnings"), default=list, blank=True, validators=[known_warnings])
    note = LongText(_("desk note"), blank=True, help_text=_("For curators only; never published."))
    hold = LongText(
        _("held back because"),
        blank=True,
        help_text=_("While a reason stands here the record cannot be published. Empty it once the reason is gone."),
    )
    changed_at = models.DateTimeField(_("changed since published"), null=True, blank=True, editable=False)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        abstract = True


class Dated(models.Model):
    """When something happened or held, as two bounds. Units: see ``dates``."""

    qualifier = models.CharField(_("dating"), max_length=12, choices=Qualifier, default=Qualifier.UNDATED)
    lo = models.BigIntegerField(_("not before"), null=True, blank=True)
    hi = models.BigIntegerField(_("not after"), null=True, blank=True)
    hi_basis = models.CharField(_("basis of the later bound"), max_length=11, choices=HiBasis, default=HiBasis.STATED)
    edtf = models.CharField(_("date (EDTF)"), max_length=80, blank=True)
    as_stated = Text(_("date as stated"), blank=True, help_text=_("The wording found in the source."))

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_bounds_forward",
                condition=Q(lo__isnull=True) | Q(hi__isnull=True) | Q(lo__lte=F("hi")),
                violation_error_message=_("The earliest date lies after the latest."),
            ),
            models.CheckConstraint(
                name="%(class)s_dates_fit_qualifier",
                condition=(
                    Q(qualifier=Qualifier.UNDATED, lo__isnull=True, hi__isnull=True)
                    | Q(qualifier=Qualifier.BEFORE, hi__isnull=False)
                    | Q(qualifier=Qualifier.AFTER, lo__isnull=False)
                    | Q(qualifier__in=[Qualifier.ON, Qualifier.ONCE_BETWEEN], lo__isnull=False, hi__isnull=False)
                    | (Q(qualifier=Qualifier.THROUGHOUT) & (Q(lo__isnull=False) | Q(hi__isnull=False)))
                ),
                violation_error_message=_(
                    "The dating needs its bounds: “on” and “once between” both, “before” the later, “after” the earlier, "
                    "“throughout” at least one, “undated” none."
                ),
            ),
        ]

    def dates_text(self):
        """Return the date in words, as readers see it."""
        return dates.qualified(self.qualifier, self.lo, self.hi, self.hi_basis, self.edtf)


def exactly_one(*names):
    """Return the condition that exactly one of the foreign keys ``names`` is set."""
    condition = Q()
    for chosen in names:
        condition |= Q(**{f"{name}__isnull": name != chosen for name in names})
    return condition
