"""What a record told before and what it tells now, field by field."""

import hashlib
import json

import orjson

SHOWN = 160
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(wanted):
    """Return the JSON text of what is wanted, always the same for the same values."""
    try:
        return orjson.dumps(wanted, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # half a letter, which the register will refuse
        return ENCODER.encode(wanted)


def digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def differences(told, wanted):
    """Return [{"field", "old", "new"}]; of a slot that is new or gone one entry, of a changed one an entry for each value."""
    found = []
    for slot, values in wanted.items():
        before = told.get(slot)
        if before is None:
            found.append({"field": slot, "old": "", "new": in_words(values)})
        elif before != values:
            names = [name for name in values if before.get(name) != values[name]]
            found += [
                {"field": f"{slot}: {name}", "old": shown(before.get(name)), "new": shown(values[name])}
                for name in names
            ]
    gone = [slot for slot in told if slot not in wanted]
    return found + [{"field": slot, "old": in_words(told[slot]), "new": "", "gone": True} for slot in gone]


def in_words(values):
    """Return the values of a slot that say something, in one line."""
    return shown(
        "; ".join(f"{name} {value}" for name, value in values.items() if value not in ("", None, [], [None, None]))
    )


def shown(value):
    text = "" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
