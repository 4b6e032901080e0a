"""What was published: immutable editions, and the index made from them alone."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from heritage.registry.refs import mint
from heritage.registry.vocabulary import WithdrawalReason

SUBJECTS = [
    ("monument", _("Monument")),
    ("place", _("Place")),
    ("source", _("Source")),
    ("vocabulary", _("Vocabulary")),
]
ACTIONS = [("publish", _("Published")), ("withdraw", _("Withdrawn")), ("merge", _("Merged"))]


def end_of(day):
    """Return the first moment after ``day`` (UTC)."""
    return datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), datetime.UTC)


class KnownQuerySet(models.QuerySet):
    """Rows that were valid from ``published_at`` until ``replaced_at``."""

    def current(self):
        return self.filter(replaced_at__isnull=True)

    def known_on(self, day):
        """Return what was known at the end of ``day`` (a ``date``, UTC); ``None`` means now."""
        if day is None:
            return self.current()
        moment = end_of(day)
        return self.filter(Q(replaced_at__isnull=True) | Q(replaced_at__gte=moment), published_at__lt=moment)


class EditionQuerySet(KnownQuerySet):
    """Editions, by what they are of."""

    def of(self, ref):
        return self.filter(ref=ref).order_by("version")

    def monuments(self):
        return self.filter(subject="monument")

    def published(self):
        return self.filter(action="publish")

    def open(self):
        """Return those that readers may read."""
        return self.filter(closed_because="")

    def closed(self):
        return self.exclude(closed_because="")


class Edition(models.Model):
    """One numbered, dated, hashed state of one record. Only ``replaced_at`` is ever set later, and what closes it.

    A closed edition (see ``versions``) is read by nobody: ``closed_because`` is the class of the reason, which readers are
    told; ``label`` and ``reason`` are then empty, and ``record`` as well where it was erased.
    ``record`` is the canonical JSON whose SHA-256 is ``sha256``; empty where the content had to go. ``link`` chains the
    editions in the order of ``position`` (see ``ledger``). That is what an edition is known by, also in fixtures: it has no
    other natural key, since the index refers to it and adds it up (``Cell``), so that a new one would lead nowhere.
    """

    position = models.BigAutoField(_("position"), primary_key=True)
    subject = models.CharField(_("subject"), max_length=10, choices=SUBJECTS)
    ref = models.CharField(_("reference"), max_length=40)
    version = models.PositiveIntegerField(_("version"))
    action = models.CharField(_("action"), max_length=8, choices=ACTIONS, default="publish")
    published_at = models.DateTimeField(_("published"))
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    label = models.CharField(_("label"), max_length=500, blank=True)
    record = models.TextField(_("record"), blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    link = models.CharField(_("ledger link"), max_length=64)
    counted = models.PositiveIntegerField(_("counts in the record"), default=0)
    reason = models.TextField(_("reason"), blank=True)
    reason_class = models.CharField(_("class of reason"), max_length=12, blank=True)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    closed_because = models.CharField(_("closed because"), max_length=12, blank=True, default="")

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name = _("edition")
        constraints = [
            models.UniqueConstraint(fields=["ref", "version"], name="edition_version_once"),
            models.UniqueConstraint(fields=["ref"], condition=Q(replaced_at__isnull=True), name="edition_current_once"),
            models.UniqueConstraint(fields=["link"], name="edition_link_once"),
        ]
        indexes = [
            models.Index(
                fields=["subject", "label", "ref"], condition=Q(replaced_at__isnull=True), name="edition_current_label"
            ),
            models.Index(fields=["subject", "position"], name="edition_subject_position"),
            models.Index(
                fields=["label", "ref"],
                condition=Q(replaced_at__isnull=True, counted__gt=0),
                name="edition_current_counted",
            ),
        ]

    def __str__(self):
        return f"{self.label or self.ref} v{self.version}"


class ClosureQuerySet(models.QuerySet):
    """Requests to close versions, and what became of them."""

    def get_by_natural_key(self, ref):
        return self.get(ref=ref)

    def pending(self):
        """Return those that wait for a second person."""
        return self.filter(decision="")


class Closure(models.Model):
    """One request to close versions, by one reviewer, and the decision of another.

    ``versions`` are the numbers of the versions by reference. An urgent closure is in force at once: until it is decided,
    ``kept`` holds, by reference and version, the public reasons of the versions that it closed, so that it can be lifted.
    """

    ref = models.CharField(_("reference"), max_length=40, unique=True, default=mint, editable=False)
    subject = models.CharField(_("kind of record"), max_length=10, choices=SUBJECTS)
    subject_ref = models.CharField(_("record"), max_length=40, db_index=True)
    versions = models.JSONField(_("versions"))
    reason_class = models.CharField(_("class of the reason"), max_length=12, choices=WithdrawalReason)
    reason = models.TextField(_("reason"))
    urgent = models.BooleanField(_("urgent"), default=False)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    requested_by_name = models.CharField(_("requested by"), max_length=150)
    requested_at = models.DateTimeField(_("requested"))
    decision = models.CharField(
        _("decision"), max_length=9, blank=True, choices=[("confirmed", _("Confirmed")), ("declined", _("Declined"))]
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_by_name = models.CharField(_("decided by"), max_length=150, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    erased = models.BooleanField(_("text erased"), default=False)
    kept = models.JSONField(_("kept for lifting"), default=dict, blank=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        verbose_name = _("closing of versions")
        verbose_name_plural = _("closings of versions")
        constraints = [
            models.CheckConstraint(
                name="closure_confirmed_by_another",
                condition=~Q(decision="confirmed") | Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                violation_error_message=_("Whoever asked for a closing does not confirm it."),
            )
        ]

    def __str__(self):
        return _("%(subject)s %(ref)s: %(number)d versions") % {
            "subject": self.get_subject_display(),
            "ref": self.subject_ref,
            "number": sum(map(len, self.versions.values())),
        }

    def natural_key(self):
        return (self.ref,)


class Entry(models.Model):
    """The index row of one published edition of a monument: what lists are filtered and ordered by, and the ready row."""

    edition = models.OneToOneField(Edition, models.CASCADE, primary_key=True, related_name="entry")
    ref = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    published_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)
    label = models.CharField(max_length=300)
    sort_label = models.CharField(max_length=300)
    kind = models.CharField(max_length=10)
    condition = models.CharField(max_length=30, blank=True)
    use = models.CharField(max_length=30, blank=True)
    access = models.CharField(max_length=30, blank=True)
    custody = models.CharField(max_length=30, blank=True)
    inscription = models.CharField(max_length=30, blank=True)
    setting = models.CharField(max_length=30, blank=True)
    condition_rank = models.PositiveSmallIntegerField()
    contested = models.BooleanField()
    threatened = models.BooleanField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    cell = models.BigIntegerField(null=True)
    precision = models.CharField(max_length=10)
    built_lo = models.BigIntegerField(null=True)
    built_hi = models.BigIntegerField(null=True)
    documented = models.BigIntegerField(null=True)
    has_location = models.BooleanField()
    has_image = models.BooleanField()
    has_before_after = models.BooleanField()
    has_dated_event = models.BooleanField()
    has_second_source = models.BooleanField()
    row = models.TextField()

    objects = KnownQuerySet.as_manager()

    class Meta:
        ordering = ["sort_label", "ref"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(
                fields=["sort_label", "ref"], condition=Q(replaced_at__isnull=True), name="entry_current_name"
            ),
            models.Index(
                fields=["kind", "sort_label", "ref"], condition=Q(replaced_at__isnull=True), name="entry_current_kind"
            ),
            models.Index(
                fields=["condition", "sort_label", "ref"],
                condition=Q(replaced_at__isnull=True),
                name="entry_current_condition",
            ),
            models.Index(
                fields=["condition_rank", "ref"], condition=Q(replaced_at__isnull=True), name="entry_current_rank"
            ),
            models.Index(
                fields=["-published_at", "ref"], condition=Q(replaced_at__isnull=True), name="entry_current_changed"
            ),
            models.Index(fields=["published_at"], name="entry_published"),
            models.Index(fields=["built_lo", "ref"], condition=Q(replaced_at__isnull=True), name="entry_current_built"),
            models.Index(
                fields=["latitude", "longitude"], condition=Q(replaced_at__isnull=True), name="entry_current_box"
            ),
            models.Index(
                fields=["cell", "edition", "replaced_at"],
                condition=Q(replaced_at__isnull=True),
                name="entry_current_cell",
            ),
            models.Index(
                fields=["cell", "edition", "replaced_at"],
                condition=Q(replaced_at__isnull=False),
                name="entry_past_cell",
            ),
            models.Index(fields=["sort_label", "ref"], name="entry_known_name"),
            models.Index(fields=["ref", "version"], name="entry_ref_version"),
            *(
                models.Index(
                    fields=["sort_label", "ref"],
                    condition=Q(replaced_at__isnull=True, **{f"has_{name}": False}),
                    name=f"entry_lacks_{name}",
                )
                for name in ("location", "image", "before_after", "dated_event", "second_source")
            ),
        ]

    def __str__(self):
        return self.label


class EntryTerm(models.Model):
    """One code that an entry is found by. Facets: type (with broader ones), place (with larger ones), region, source,
    claimant, cause, effect; use, access, custody, inscription, setting; and "mark" for what few entries are or have.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="terms", db_index=False)
    facet = models.CharField(max_length=11)
    code = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("term of an entry")
        verbose_name_plural = _("terms of entries")
        constraints = [models.UniqueConstraint(fields=["facet", "code", "entry"], name="entryterm_once")]
        indexes = [models.Index(fields=["entry", "facet", "code"], name="entryterm_entry")]

    def __str__(self):
        return f"{self.facet}: {self.code}"


class Happening(models.Model):
    """One dated status claim of a published monument, for filters and the timeline.

    ``since`` and ``until`` are its first and last possible day and ``frame`` the calendar span that holds both (see
    ``spans``); ``dated`` is how the dates read.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="happenings")
    claim = models.CharField(max_length=40)
    mode = models.CharField(max_length=11)
    aspect = models.CharField(max_length=11)
    value = models.CharField(max_length=30, blank=True)
    qualifier = models.CharField(max_length=12)
    lo = models.BigIntegerField(null=True)
    hi = models.BigIntegerField(null=True)
    since = models.BigIntegerField()
    until = models.BigIntegerField()
    frame = models.CharField(max_length=20, null=True)  # null where no index entry is needed: within one month
    dated = models.CharField(max_length=300)
    cause = models.CharField(max_length=40, blank=True)
    effects = models.JSONField(default=list)
    claimant = models.CharField(max_length=300)
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["hi", "lo", "claim"]
        verbose_name = _("happening")
        indexes = [
            models.Index(fields=["lo", "hi"], name="happening_bounds"),
            models.Index(fields=["mode", "until", "id"], name="happening_mode_until"),
            models.Index(
                fields=["mode", "frame", "until", "id", "since"],
                condition=Q(frame__isnull=False),
                name="happening_mode_frame",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["entry", "claim"], name="happening_once")]

    def __str__(self):
        return self.text


class HappeningCount(models.Model):
    """How many happenings of current entries touch a span of the calendar (see ``timeline``), for one choice of filters.

    ``begun`` and ``ended`` count, by year and month, where those with both dates begin and end; ``opening`` where those
    begin that have no latest date, ``closing`` where those end that have no earliest. ``within`` counts those that lie in
    the span whole; for spans longer than a year only those that lie in no shorter one.
    """

    pk = models.CompositePrimaryKey("choice", "mode", "unit", "number")
    choice = models.CharField(max_length=80, blank=True)
    mode = models.CharField(max_length=11)
    unit = models.CharField(max_length=10)
    number = models.BigIntegerField()
    begun = models.IntegerField(default=0)
    ended = models.IntegerField(default=0)
    opening = models.IntegerField(default=0)
    closing = models.IntegerField(default=0)
    within = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("count of happenings")
        verbose_name_plural = _("counts of happenings")

    def __str__(self):
        return f"{self.mode} {self.choice} {self.unit} {self.number}"


class SearchRow(models.Model):
    """The words that an entry is found by, as forms (see ``folding``): sorted, each once, parted by spaces.

    ``starts`` holds the first one, two and three letters of each word of ``names``; ``places`` holds, beside words, the
    reference of every place that the monument is in, so that the names of places are kept once (``PlaceWord``).
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="search_row")
    current = models.BooleanField()
    names = models.TextField()
    starts = models.TextField()
    places = models.TextField()
    text = models.TextField()

    class Meta:
        verbose_name = _("search row")

    def __str__(self):
        return self.names


class SearchName(models.Model):
    """One whole name of an entry as a form, for exact names, beginnings of names and suggestions."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="search_names", db_index=False)
    current = models.BooleanField()
    name = models.CharField(max_length=120)

    class Meta:
        verbose_name = _("search name")
        constraints = [models.UniqueConstraint(fields=["entry", "name"], name="searchname_once")]
        indexes = [
            models.Index(fields=["name", "entry"], condition=Q(current=True), name="searchname_current"),
            models.Index(fields=["name", "entry"], condition=Q(current=False), name="searchname_past"),
        ]

    def __str__(self):
        return self.name


class PlaceWord(models.Model):
    """One word, as a form, of a name that the current edition of a place records; ``text`` is the whole name as written."""

    ref = models.CharField(max_length=40)
    word = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=35, blank=True)

    class Meta:
        verbose_name = _("word of a place")
        constraints = [models.UniqueConstraint(fields=["ref", "word", "text", "language"], name="placeword_once")]
        indexes = [models.Index(fields=["word", "ref"], name="placeword_word")]

    def __str__(self):
        return self.word


class Rebuilding(models.Model):
    """One time that the index was made anew, or versions closed: what readers were answered before may have changed
    with no new edition.
    """

    begun_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("rebuilding of the index")
        verbose_name_plural = _("rebuildings of the index")

    def __str__(self):
        return self.begun_at.isoformat()


class TermCount(models.Model):
    """How many current entries bear one code of a facet of ``EntryTerm`` (see ``borne``)."""

    pk = models.CompositePrimaryKey("facet", "code")
    facet = models.CharField(max_length=11)
    code = models.CharField(max_length=40)
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("count of a term")
        verbose_name_plural = _("counts of terms")

    def __str__(self):
        return f"{self.facet} {self.code}: {self.count}"


class PlaceTerm(models.Model):
    """One code that a place is found by: a place that it lies in directly ("within"), a "source" that it speaks of."""

    ref = models.CharField(max_length=40)
    facet = models.CharField(max_length=10)
    code = models.CharField(max_length=40)

    class Meta:
        verbose_name = _("term of a place")
        verbose_name_plural = _("terms of places")
        constraints = [models.UniqueConstraint(fields=["facet", "code", "ref"], name="placeterm_once")]
        indexes = [models.Index(fields=["ref"], name="placeterm_ref")]

    def __str__(self):
        return f"{self.ref} {self.facet}: {self.code}"


class Word(models.Model):
    """A form that occurs in search rows. ``bones`` (see ``folding``) are given for words of names only."""

    word = models.CharField(max_length=40)
    bones = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("word")
        constraints = [models.UniqueConstraint(fields=["word"], name="word_once")]
        indexes = [models.Index(fields=["bones", "word"], condition=~Q(bones=""), name="word_bones")]

    def __str__(self):
        return self.word


class Cell(models.Model):
    """How many current entries of one slice have their shown point in one cell of the map (see ``cells``).

    ``latitudes`` and ``longitudes`` are sums in millionths of a degree, ``entries`` is the sum of the primary keys: what
    one addition or subtraction keeps true, and of a single entry tells which it is.
    """

    pk = models.CompositePrimaryKey("slice", "level", "cell")
    slice = models.CharField(max_length=90)
    level = models.SmallIntegerField()
    cell = models.BigIntegerField()
    count = models.BigIntegerField()
    latitudes = models.BigIntegerField()
    longitudes = models.BigIntegerField()
    entries = models.BigIntegerField()

    class Meta:
        verbose_name = _("cell of the map")
        verbose_name_plural = _("cells of the map")
        indexes = [models.Index(fields=["count"], condition=Q(count=0), name="cell_empty")]

    def __str__(self):
        return f"{self.slice} {self.level}/{self.cell}: {self.count}"


class Facet(models.Model):
    """How many current entries are of a kind, a type, in a condition and a region; an empty code means "any" (see ``facets``)."""

    pk = models.CompositePrimaryKey("kind", "type", "condition", "place")
    kind = models.CharField(max_length=10, blank=True)
    type = models.CharField(max_length=40, blank=True)
    condition = models.CharField(max_length=30, blank=True)
    place = models.CharField(max_length=40, blank=True)
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("count beside a filter")
        verbose_name_plural = _("counts beside filters")
        indexes = [models.Index(fields=["kind", "condition", "place", "type"], name="facet_by_type")]

    def __str__(self):
        return f"{self.kind or '*'} {self.type or '*'} {self.condition or '*'} {self.place or '*'}: {self.count}"
