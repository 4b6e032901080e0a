"""Copies of held files for readers: which kinds of files there are copies of, and how they are made. No Django.

A copy is made anew from what is seen: pictures from their pixels (``pictures``), documents from what is drawn on their
pages (``documents``). What is not understood is refused, and of other kinds of files there are no copies.
"""

from heritage.archive.documents import TooMuch, pdf
from heritage.archive.pictures import Uncleansed, gif, jpeg, png, tiff, webp

#: Media types of which copies are made: ending of the copy, and how.
CLEANSED = {
    "image/jpeg": ("jpg", jpeg),
    "image/png": ("png", png),
    "image/gif": ("png", gif),
    "image/tiff": ("png", tiff),
    "image/webp": ("webp", webp),
    "application/pdf": ("pdf", pdf),
}


def why_not_cleansed(media_type, file):
    """Return why no copy for readers can be made of the opened ``file``; an empty text if one can, or where nobody tries."""
    if media_type not in CLEANSED:
        return ""
    try:
        CLEANSED[media_type][1](file.read())
    except Uncleansed as why:
        return str(why)
    return ""


__all__ = ["CLEANSED", "TooMuch", "Uncleansed", "why_not_cleansed"]
