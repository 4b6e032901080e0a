"""Years of the Hijri calendar in years of the Gregorian one. Pure Python.

Source: E. G. Richards, "Calendars", in: Explanatory Supplement to the Astronomical Almanac, 3rd ed. (2013), algorithms for the
civil (tabular) Islamic calendar; it differs by a day or two from what was seen of the moon, so only years are told.
"""

from datetime import date

from heritage.intake.cells import Unclear

EPOCH = 227_015  # the ordinal of 1 Muharram 1 AH: 19 July 622, proleptic Gregorian
LAST_YEAR = 2000


def gregorian_years(year):
    """Return the (first, last) Gregorian year that the Hijri ``year`` touches. Raises: Unclear."""
    if not 1 <= year <= LAST_YEAR:
        raise Unclear(f"There is no year {year} of the Hijri calendar to turn into ours.", "Check the year.")
    return new_year(year).year, date.fromordinal(new_year(year + 1).toordinal() - 1).year


def new_year(year):
    """Return the Gregorian day of 1 Muharram of the Hijri ``year``."""
    return date.fromordinal(EPOCH + 354 * (year - 1) + (3 + 11 * year) // 30)
