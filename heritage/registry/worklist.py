"""What waits for a curator: which records, and what should be known of them."""

from dataclasses import dataclass

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from heritage.registry.models import Monument, Place, Review
from heritage.registry.vocabulary import Decision, Kind, Stage

FIELDS = ["sort", "pk", "label", "edited_at", "said"]


@dataclass(frozen=True)
class Waiting:
    """One record that waits. ``kind`` is that of a monument, or "place"; ``said`` is why it was returned or is held back."""

    kind: str
    pk: int
    label: str
    edited_at: object
    said: str

    @property
    def page(self):
        """The name of the address of its page."""
        return f"admin:registry_{self.kind}_change"


class Pile:
    """Records that wait for the same thing, the longest waiting first."""

    def __init__(self, user, name, title, condition, says="hold"):
        self.name, self.title = name, title
        monuments, places = (rows(user, model, condition, says) for model in (Monument, Place))
        self.rows = monuments.union(places, all=True).order_by(F("edited_at").asc(nulls_first=True), "label", "pk")

    def __len__(self):
        return self.rows.count()

    def __getitem__(self, part):
        return [Waiting(*row) for row in self.rows[part]]


def rows(user, model, condition, says):
    """Return the values that a pile needs of the rows of ``model`` that ``user`` may view and that meet ``condition``."""
    table = model._meta.model_name
    may_view = user.has_perm(f"registry.view_{table}") or user.has_perm(f"registry.change_{table}")
    last = Review.objects.filter(**{table: OuterRef("pk")}).order_by("-pk")
    seen = model.objects.visible_to(user) if may_view else model.objects.none()
    found = seen.order_by().annotate(
        sort=Cast("kind", CharField()) if model is Monument else Value(table, output_field=CharField()),
        decision=Subquery(last.values("decision")[:1]),
        rationale=Subquery(last.values("rationale")[:1]),
        said=F(says),
    )
    if model is Monument:
        condition &= Q(kind__in=Kind.values)  # so that the index by kind and stage serves
    return found.filter(condition).values_list(*FIELDS)


def piles(user):
    """Return what waits for ``user``, the most pressing first."""
    mine, draft, in_review = Q(edited_by=user), Q(stage=Stage.DRAFT), Q(stage=Stage.IN_REVIEW)
    changed = Q(stage=Stage.PUBLISHED, changed_at__isnull=False)
    returned = mine & Q(decision=Decision.RETURN) & (draft | changed)
    found = [
        Pile(user, "returned", _("Returned to you"), returned, says="rationale"),
        Pile(
            user,
            "drafts",
            _("Your drafts"),
            mine & draft & ~Q(decision=Decision.RETURN) | mine & draft & Q(decision=None),
        ),
        Pile(user, "submitted", _("Yours, with the reviewers"), mine & in_review),
    ]
    if user.has_perm("registry.publish_monument"):
        found[1:1] = [
            Pile(user, "review", _("Waiting for your review"), in_review & (~mine | Q(edited_by=None))),
            Pile(user, "changed", _("Changed since published"), changed),
        ]
    return found
