"""One sentence for a status claim, as readers will see it."""

from django.utils.translation import gettext as _

from heritage.registry.vocabulary import Aspect, Mode, Scope, value_label


def sentence(status, effects=()):
    """Return “Destroyed, between 12 April and 18 June 2021, according to Caucasus Heritage Watch.” for saved or unsaved rows."""
    what = told(status, effects)
    if status.aspect != Aspect.CONDITION:
        what = f"{Aspect.label_of(status.aspect)}: {what}"
    if about := part_of_it(status):
        what = f"{about}: {what}"
    claimant = _("according to %(claimant)s") % {"claimant": status.claimant if status.claimant_id else _("(claimant)")}
    return f"{capital(what)}, {status.dates_text()}, {claimant}."


def told(status, effects):
    """Return what is claimed, in the words of the vocabulary."""
    done = ", ".join(str(effect).lower() for effect in effects)
    if status.mode == Mode.THREAT:
        words = _("threat (%(probability)s)") % {"probability": status.get_probability_display().lower()}
        cause = done or (str(status.cause).lower() if status.cause_id else "")
        return f"{words}: {cause}" if cause else words
    if status.mode == Mode.EVENT and not status.value:
        return done or _("event, effect not stated")
    return value_label(status.aspect, status.value).lower() if status.value else _("(value)")


def part_of_it(status):
    """Return the part that the claim speaks of, or an empty text when it is the whole."""
    if status.scope == Scope.PART:
        return status.part_affected
    return "" if status.scope == Scope.WHOLE else Scope.label_of(status.scope)


def capital(text):
    return text[:1].upper() + text[1:]
