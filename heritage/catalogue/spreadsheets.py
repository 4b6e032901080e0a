"""Tables that leave the register and may be opened in a spreadsheet program."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value):
    """Return a text with an apostrophe before it if a spreadsheet would run it as a formula; numbers as they are."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA) else value
