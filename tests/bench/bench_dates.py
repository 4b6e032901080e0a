"""Microseconds a date, beside the ``edtf`` package in the same run: ``python -m tests.bench.bench_dates``."""

import random
import time
import warnings

from heritage.registry.dates import parse, qualified

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import edtf


def mixed_dates(count, seed=2021):
    """Distinct-looking texts of every common form, in the proportions of a register's claims."""
    draw = random.Random(seed)
    day = lambda: f"{draw.randint(1000, 2024)}-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"  # noqa: E731
    forms = [
        day,
        lambda: day()[:7],
        lambda: day()[:4],
        lambda: f"{draw.randint(10, 20)}XX",
        lambda: f"{draw.randint(100, 202)}X",
        lambda: f"{day()[:4]}~",
        lambda: "/".join(sorted([day(), day()])),
        lambda: "/".join(sorted([day(), day()])),
        lambda: f"{day()[:4]}-{draw.randint(21, 23)}",
        lambda: f"[{day()[:4]},{day()[:4]}]",
        lambda: f"{day()[:4]}-XX",
        lambda: f"{day()[:7]}?-{draw.randint(1, 28):02d}",
        lambda: f"-{day()[:4]}",
        lambda: f"Y-{draw.randint(10000, 300000)}",
    ]
    return [draw.choice(forms)() for _ in range(count)]


def microseconds(act, texts):
    begun = time.perf_counter()
    for text in texts:
        act(text)
    return (time.perf_counter() - begun) / len(texts) * 1e6


def theirs(text):
    date = edtf.parse_edtf(text)
    return date.lower_strict(), date.upper_strict()


def main():
    texts = mixed_dates(20_000)
    spans = {text: parse(text) for text in texts}
    print(f"parse       {microseconds(parse, texts):10.1f} µs a date ({len(texts):,} mixed texts, nothing cached)")
    words = microseconds(lambda t: qualified("once_between", spans[t].lo, spans[t].hi, "stated", t), texts)
    print(f"in words    {words:10.1f} µs a date")
    few = texts[:500]
    theirs("2021")
    print(f"edtf        {microseconds(theirs, few):10.1f} µs a date (the first {len(few)}, warmed up)")


if __name__ == "__main__":
    main()
