"""The way of an import in five steps, as the strip at the head of its pages shows it."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from heritage.intake.models import State

FILE, MAPPING, PLAN, APPLY, PUBLISH = range(5)
TITLES = [_("The file"), _("The mapping"), _("The plan"), _("Into the register"), _("To the readers")]
REACHED = {
    State.NEW: FILE,
    State.PLANNING: PLAN,
    State.REFUSED: MAPPING,
    State.PLANNED: APPLY,
    State.APPLYING: APPLY,
    State.APPLIED: PUBLISH,
    State.UNDOING: PUBLISH,
    State.UNDONE: PLAN,
}


@dataclass(frozen=True)
class Step:
    """One step. ``state`` is "done", "here" or "ahead"; ``url`` leads to its page where there is one to go to."""

    number: int
    title: str
    state: str
    url: str


def steps(page, batch, here, may_plan):
    """Return the steps of ``batch`` as seen from step ``here``."""
    return [
        Step(number + 1, title, state_of(batch, number, here), address(page, batch, number, here, may_plan))
        for number, title in enumerate(TITLES)
    ]


def state_of(batch, number, here):
    if number == here:
        return "here"
    return "done" if batch is not None and number < REACHED[batch.state] else "ahead"


def address(page, batch, number, here, may_plan):
    """Return where a step is looked at: file and mapping while they can be changed, plan and what follows on one page."""
    if batch is None or number == here:
        return ""
    if number == PLAN and batch.state != State.NEW:
        return page.at("change", batch)
    may_change = may_plan and batch.state in OPEN
    if number == FILE and may_change:
        return page.at("file", batch)
    if number == MAPPING and may_change and batch.mapping_text:
        return page.at("mapping", batch)
    return ""


#: States in which file and mapping may still be changed.
OPEN = [State.NEW, State.PLANNING, State.REFUSED, State.PLANNED]
