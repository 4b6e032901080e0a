"""Names that begin like what was typed: for the search boxes while somebody types, and as a plain list of links."""

from django.shortcuts import render
from django.urls import reverse

from heritage.catalogue import search
from heritage.public.answers import data, reader
from heritage.public.matching import pieces


@reader
def page(request):
    """A list of links; what cannot be searched for gives none."""
    context = {"typed": typed(request), "suggestions": suggestions(typed(request)), "section": "monuments"}
    return render(request, "public/suggest.html", context)


@reader
def names(request):
    return data({"suggestions": suggestions(typed(request))})


def typed(request):
    return request.GET.get("q", "")


def suggestions(text):
    """Return what to offer; ``parts`` is the name found, cut where it matches, ``label`` that of its record."""
    return [
        {
            "ref": one.ref,
            "url": reverse("monument", args=[one.ref]),
            "label": one.label,
            "text": one.text,
            "language": one.language,
            "parts": [{"text": part, "matches": matches} for part, matches in pieces(one.text, one.spans)],
        }
        for one in search.suggest(text)
    ]
