"""How much a bag is going to hold, before it is made: for the disk, and for whoever waits."""

from functools import cached_property

from django.db.models import Count, Sum
from django.db.models.functions import Length

from heritage.archive import held
from heritage.catalogue.models import Edition

PAGE, ROWS_A_PAGE = 25_000, 50  #: bytes of a page and its place on the disk; rows of a list


class Expected:
    """Numbers of ``editions``, current ``records``, ``files`` that are held, and ``pages``, the last as an estimate."""

    def __init__(self, media):
        measured = Edition.objects.aggregate(number=Count("pk"), octets=Sum(Length("record")))
        self.editions, self.octets = measured["number"], measured["octets"] or 0
        self.files, self.bytes = 0, 0
        for size in held.held().values_list("size", flat=True).iterator() if media else ():
            self.files += 1
            self.bytes += size or 0

    @cached_property
    def current(self):
        """Numbers of current editions by subject."""
        found = Edition.objects.current().published().order_by().values_list("subject")
        return dict(found.annotate(Count("pk")))

    @property
    def records(self):
        return sum(number for subject, number in self.current.items() if subject != "vocabulary")

    @cached_property
    def pages(self):
        monuments = self.current.get("monument", 0)
        subjects = self.records + monuments + Edition.objects.monuments().count()
        return subjects + (2 * self.editions + 2 * self.records) // ROWS_A_PAGE

    def size(self, level, site):
        """Return about how many bytes the bag will have."""
        return int(self.octets * (5 if level == "full" else 3.5)) + self.bytes + (PAGE * self.pages if site else 0)
