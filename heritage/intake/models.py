"""What an import leaves behind: mappings, batches with every row as it came, what each supplier told of each record, and what was decided."""

import json

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from heritage.registry.models.sealing import sealed_from
from heritage.registry.refs import mint
from heritage.registry.steps import now
from heritage.registry.vocabulary import Concepts


class State(Concepts):
    """How far a batch is."""

    NEW = "new", _("Not planned yet."), "registry", _("New")
    PLANNING = "planning", _("The file is being read."), "registry", _("Being planned")
    REFUSED = "refused", _("The file or the mapping cannot be used; nothing was planned."), "registry", _("Refused")
    PLANNED = "planned", _("Shown, nothing stored in the register yet."), "registry", _("Planned")
    APPLYING = (
        "applying",
        _("Being applied, or stopped in between: apply it again to go on."),
        "registry",
        _("Being applied"),
    )
    APPLIED = "applied", _("In the register."), "registry", _("Applied")
    UNDOING = (
        "undoing",
        _("Being taken back, or stopped in between: take it back again to go on."),
        "registry",
        _("Being taken back"),
    )
    UNDONE = "undone", _("Taken back."), "registry", _("Undone")


class Outcome(Concepts):
    """What a plan says of a row."""

    NEW = "new", _("A record that the register does not have."), "registry", _("New")
    CHANGED = (
        "changed",
        _("A record of the register of which the file tells something else or more."),
        "registry",
        _("Changed"),
    )
    SAME = "same", _("All as it was told before."), "registry", _("Same")
    JOINED = "joined", _("Belongs to the record of an earlier row."), "registry", _("Part of a record above")
    REPEATED = "repeated", _("Its identifier stands in several rows."), "registry", _("Repeated identifier")
    REFUSED = "refused", _("Cannot be taken; see the reasons."), "registry", _("Refused")
    VANISHED = "vanished", _("Told before, not in this file. Nothing is deleted."), "registry", _("Vanished")


class Keyed(models.QuerySet):
    """Rows that fixtures know by the values that make them unique."""

    def get_by_natural_key(self, *key):
        return self.get(**dict(zip(self.model.KEY, key, strict=True)))

    def visible_to(self, user):
        """Return what ``user`` may know of: all but what is about records that are sealed and kept by others."""
        return self if user is None else self.exclude(sealed_from(user, self.model))


class Mapping(models.Model):
    """How the files of one supplier are to be read, as TOML (see ``mapping``). Those in ``intake/mappings/`` need no row here."""

    name = models.SlugField(_("name"), max_length=60, unique=True)
    text = models.TextField(_("mapping (TOML)"))
    changed_at = models.DateTimeField(_("last changed"), default=now, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    KEY = ("name",)
    objects = Keyed.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("mapping")

    def __str__(self):
        return self.name

    def save(self, *args, update_fields=None, **kwargs):
        self.changed_at = now()
        update_fields = update_fields and {*update_fields, "changed_at"}
        super().save(*args, update_fields=update_fields, **kwargs)

    def natural_key(self):
        return (self.name,)


class Batch(models.Model):
    """One file on its way into the register.

    ``path`` is where the file lies on this machine; ``choices`` what was chosen about it (see ``readers.Choices``); ``found``
    what was found out; ``counts`` the numbers of the plan; ``report`` what concerns the whole file: see ``planning.plan``.
    """

    ref = models.CharField(_("reference"), max_length=40, unique=True, default=mint, editable=False)
    mapping_name = models.CharField(_("mapping"), max_length=60)
    mapping_text = models.TextField(_("mapping as used"), blank=True)
    file_name = models.CharField(_("file"), max_length=255)
    path = models.CharField(_("where the file lies"), max_length=1000)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    size = models.BigIntegerField(_("size (bytes)"), null=True, blank=True)
    choices = models.JSONField(_("choices"), default=dict, blank=True)
    found = models.JSONField(_("found out"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.NEW)
    counts = models.JSONField(_("counts"), default=dict, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    made_at = models.DateTimeField(_("made"), default=now, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    who = models.CharField(_("who"), max_length=150, blank=True)
    planned_at = models.DateTimeField(_("planned"), null=True, blank=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    KEY = ("ref",)
    objects = Keyed.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        permissions = [
            ("apply_batch", "Can apply and undo imports"),
        ]

    def __str__(self):
        return f"{self.file_name} ({self.mapping_name}, {self.made_at:%Y-%m-%d %H:%M})"

    def natural_key(self):
        return (self.ref,)

    @property
    def chosen(self):
        """What was chosen about the file, {name: value}."""
        return self.choices if isinstance(self.choices, dict) else {}


class Row(models.Model):
    """One row of a file, as it came, and what the plan says of it. Lists and objects are JSON texts, read by the methods.

    ``number``: as a spreadsheet counts; empty for what vanished. ``raw``: {column: text} and "@geometry". ``wanted``: what is to
    be in the register (see ``composing``); ``base``: the digest of what was told before, when the plan was made. ``changes``: [{field, old, new}]. ``faults`` and ``remarks``: [{column, value, reason,
    mend}]; faults refuse the row, remarks do not. ``done``: what applying it did, so that it can be undone.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="rows", verbose_name=_("import"))
    number = models.PositiveIntegerField(_("row"), null=True, blank=True)
    line = models.PositiveIntegerField(_("line"), null=True, blank=True)
    identifier = models.CharField(_("identifier"), max_length=300, blank=True)
    label = models.CharField(_("label"), max_length=300, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome)
    part_of = models.PositiveIntegerField(_("belongs to row"), null=True, blank=True)
    monument = models.ForeignKey(
        "registry.Monument", models.SET_NULL, null=True, blank=True, related_name="imported_by"
    )
    raw = models.TextField(blank=True)
    wanted = models.TextField(blank=True)
    base = models.CharField(max_length=64, blank=True)
    changes = models.TextField(blank=True)
    faults = models.TextField(blank=True)
    remarks = models.TextField(blank=True)
    applied = models.BooleanField(_("applied"), default=False)
    done = models.TextField(blank=True)

    KEY = ("batch__ref", "number", "identifier")
    sealed_with = ("monument",)
    objects = Keyed.as_manager()

    class Meta:
        ordering = ["batch", "number", "pk"]
        verbose_name = _("imported row")
        indexes = [
            models.Index(fields=["batch", "outcome", "number"], name="row_batch_outcome"),
            models.Index(fields=["batch", "identifier"], name="row_batch_identifier"),
        ]

    def __str__(self):
        return f"{self.batch.file_name}, {self.number}"

    def natural_key(self):
        return (self.batch.ref, self.number, self.identifier)

    natural_key.dependencies = ["intake.batch"]

    @property
    def cells(self):
        """The row as it came: {column: text}, and a geometry as "@geometry"."""
        return stored(self.raw, {})

    @property
    def wanted_slots(self):
        """What is to be in the register, {slot: {field: value}}."""
        return stored(self.wanted, {})

    @property
    def change_list(self):
        """[{"field", "old", "new"}] of a changed record."""
        return stored(self.changes, [])

    @property
    def fault_list(self):
        """[{"column", "value", "reason", "mend"}] of why it is refused."""
        return stored(self.faults, [])

    @property
    def remark_list(self):
        """[{"column", "value", "reason", "mend"}] of cells that were left out or kept only as stated."""
        return stored(self.remarks, [])


def stored(text, empty):
    """Return the object or list that JSON ``text`` holds, with objects inside; ``empty`` where it is none of that kind."""
    try:
        value = json.loads(text) if text else empty
    except (ValueError, RecursionError):
        return empty
    parts = value if isinstance(empty, list) else ()
    return value if isinstance(value, type(empty)) and all(isinstance(part, dict) for part in parts) else empty


class Supplied(models.Model):
    """What a supplier told of one record when it was last applied: the memory that the next file is compared with.

    ``told``: JSON text, {slot: values} (see ``composing``). ``rows``: {slot: [table, reference, revision]} of what was made.
    """

    scheme = models.CharField(_("scheme"), max_length=80)
    identifier = models.CharField(_("identifier"), max_length=300)
    part = models.CharField(_("part of the list"), max_length=300, blank=True)
    monument = models.ForeignKey("registry.Monument", models.CASCADE, related_name="supplied")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="supplied")
    row = models.ForeignKey(Row, models.PROTECT, related_name="supplied")
    digest = models.CharField(max_length=64)
    told = models.TextField()
    rows = models.TextField()

    KEY = ("scheme", "identifier")
    sealed_with = ("monument",)
    objects = Keyed.as_manager()

    class Meta:
        verbose_name = _("supplied record")
        constraints = [models.UniqueConstraint(fields=["scheme", "identifier"], name="supplied_once")]

    def __str__(self):
        return f"{self.scheme} {self.identifier}"

    def natural_key(self):
        return (self.scheme, self.identifier)


class Supplier(models.Model):
    """The claimant and the source that stand for a supplier's list, made when its first batch is applied."""

    key = models.CharField(_("key"), max_length=64, unique=True)
    actor = models.ForeignKey("registry.Actor", models.PROTECT, related_name="+")
    source = models.ForeignKey("registry.Source", models.PROTECT, related_name="+")

    KEY = ("key",)
    sealed_with = ("source",)
    objects = Keyed.as_manager()

    class Meta:
        verbose_name = _("supplier")

    def __str__(self):
        return str(self.source)

    def natural_key(self):
        return (self.key,)


class Resemblance(models.Model):
    """A row of a plan that may be about a monument that the register has from elsewhere."""

    row = models.ForeignKey(Row, models.CASCADE, related_name="resemblances")
    monument = models.ForeignKey("registry.Monument", models.CASCADE, related_name="+")
    likeness = models.PositiveSmallIntegerField(_("likeness of the names (%)"))
    metres = models.PositiveIntegerField(_("distance (m)"), null=True, blank=True)
    why = models.CharField(_("why"), max_length=300)

    KEY = ("row__batch__ref", "row__number", "row__identifier", "monument__ref")
    sealed_with = ("row", "monument")
    objects = Keyed.as_manager()

    class Meta:
        ordering = ["row", "-likeness", "metres"]
        verbose_name = _("likely duplicate")
        constraints = [models.UniqueConstraint(fields=["row", "monument"], name="resemblance_once")]

    def __str__(self):
        return f"{self.row.label} – {self.monument}"

    def natural_key(self):
        return (*self.row.natural_key(), self.monument.ref)

    natural_key.dependencies = ["intake.row", "registry.monument"]


class Verdict(models.Model):
    """What a curator decided about a likely duplicate, remembered for every later file of that list."""

    scheme = models.CharField(_("scheme"), max_length=80)
    identifier = models.CharField(_("identifier"), max_length=300)
    monument = models.ForeignKey("registry.Monument", models.CASCADE, related_name="+")
    same = models.BooleanField(_("the same monument"))
    who = models.CharField(_("who"), max_length=150)
    at = models.DateTimeField(_("when"))

    KEY = ("scheme", "identifier", "monument__ref")
    sealed_with = ("monument",)
    objects = Keyed.as_manager()

    class Meta:
        verbose_name = _("decision on a duplicate")
        verbose_name_plural = _("decisions on duplicates")
        constraints = [models.UniqueConstraint(fields=["scheme", "identifier", "monument"], name="verdict_once")]

    def __str__(self):
        return f"{self.scheme} {self.identifier} {'=' if self.same else '≠'} {self.monument}"

    def natural_key(self):
        return (self.scheme, self.identifier, self.monument.ref)

    natural_key.dependencies = ["registry.monument"]
