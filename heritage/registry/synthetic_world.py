"""What all monuments of the invented register share: bodies, sources, and places within places."""

from collections import defaultdict
from decimal import Decimal
from itertools import accumulate
from random import Random

from heritage.registry import dates
from heritage.registry.dossier import outward
from heritage.registry.models import Actor, Name, Place, PlaceMembership, Source
from heritage.registry.refs import spelt
from heritage.registry.rows import Form
from heritage.registry.synthetic_names import (
    LANGUAGES,
    NAMED_IN,
    TYPES,
    spelt_root,
    spread_out,
)

REGIONS, DISTRICTS, SETTLEMENTS, SOURCES = 6, 60, 900, 400
WEST, SOUTH, WIDTH, HEIGHT = -41.0, 30.0, 8.0, 6.0  # degrees
ACTORS = [
    ("state_body", "Heritage Service of {}"),
    ("state_body", "Ministry of Culture of {}"),
    ("academic_project", "{} Survey of Built Heritage"),
    ("ngo", "{} Monuments Association"),
    ("documentation_project", "{} Documentation Project"),
    ("intergovernmental", "Joint Heritage Office, {}"),
]
REPORTS = [
    ("report", "Survey report no. {} on the district of {}", "academic"),
    ("imagery_scene", "Satellite scene {} over {}", "documentation"),
    ("book", "Monuments of the past, volume {}: {}", "academic"),
    ("dataset", "List of registered monuments, part {}: {}", "state"),
    ("press_article", "Notes from the field, issue {}: {}", "media"),
    ("official_statement", "Statement no. {} on works in {}", "state"),
]

actor, source, place, membership, name = map(Form, (Actor, Source, Place, PlaceMembership, Name))


def dating(qualifier, edtf, basis="stated"):
    """Return the fields of a date block."""
    span = dates.parse(edtf)
    return {"qualifier": qualifier, "lo": span.lo, "hi": span.hi, "hi_basis": basis, "edtf": span.edtf}


class World:
    """The bodies, sources and places, and what monuments are drawn from. ``terms`` are rows by (vocabulary, code)."""

    languages = LANGUAGES

    def __init__(self, seed, terms):
        self.seed, self.terms = seed, terms
        self.random = Random(f"register {seed}")  # noqa: S311
        self.actors = [self.actor(number) for number in range(1, 31)]
        self.sources = [self.source(number) for number in range(1, SOURCES + 1)]
        self.places, self.memberships, self.names = [], [], []
        self.build_places()
        steps = defaultdict(list)
        for step in self.memberships:
            steps[step.place_id].append(step)
        self.within = {one.pk: outward(one.pk, steps) for one in self.settlements}
        self.crowds = list(accumulate(1 / (rank + 6) for rank in range(SETTLEMENTS)))
        self.types = spread_out([(one, one[2]) for one in TYPES])
        self.tongues = spread_out(NAMED_IN)
        self.origins, self.seen_on, self.between = map(worded, (origins(), self.survey_days(), self.intervals()))

    def ref(self):
        return spelt(self.random.getrandbits(64))

    def pick(self, choices):
        return choices[int(self.random.random() * len(choices))]

    # The pool

    def actor(self, number):
        kind, label = ACTORS[number % len(ACTORS)]
        return actor(id=number, ref=self.ref(), kind=kind, label=label.format(self.root()[0]))

    def root(self):
        return spelt_root(self.random.random)

    def source(self, number):
        kind, title, stance = REPORTS[number % len(REPORTS)]
        day = dates.iso(20220101 + number % 4 * 10000 + self.random.randrange(12) * 100 + self.random.randrange(28))
        return source(
            {"kind": self.terms["source_kind", kind], "derives_from": None},
            id=number,
            ref=self.ref(),
            title=title.format(number, self.root()[0]),
            publisher=self.pick(self.actors).label,
            language=self.pick(LANGUAGES)[0],
            url=f"https://example.org/synthetic/{number}",
            identifier=f"SYN-{number:04}",
            stance=stance,
            read_state=self.pick(["in_full", "in_full", "in_part"]),
            **dating("on", day),
        )

    def build_places(self):
        self.regions = [self.place("region", WIDTH / 2, HEIGHT / 2) for _ in range(REGIONS)]
        self.districts = [self.place("district", WIDTH / 2, HEIGHT / 2) for _ in range(DISTRICTS)]
        for district in self.districts:
            self.member(district, self.pick(self.regions), "part_of")
        self.settlements = []
        for number in range(SETTLEMENTS):
            district = self.pick(self.districts)
            near = self.place("town" if number < 40 else "village", 0.15, 0.12, district)
            self.settlements.append(near)
            self.member(near, district, "part_of")
            if self.random.random() < 0.15:
                self.member(near, self.pick(self.districts), "administered_under")

    def place(self, kind, width, height, around=None):
        """Return a new place with its names, within ``width`` and ``height`` of another or of the middle."""
        longitude = float(around.longitude) if around else WEST + WIDTH / 2
        latitude = float(around.latitude) if around else SOUTH + HEIGHT / 2
        root, chosen = self.root(), self.tongues_of_places()
        made = place(
            id=len(self.places) + 1,
            ref=self.ref(),
            kind=kind,
            label=" / ".join(sorted({root[tongue] for tongue in chosen})),
            longitude=degrees(longitude + (self.random.random() * 2 - 1) * width),
            latitude=degrees(latitude + (self.random.random() * 2 - 1) * height),
        )
        self.places.append(made)
        for tongue in chosen:
            self.names.append(
                self.name(len(self.names) + 1, {"place": made, "source": None}, root[tongue], tongue, self.ref())
            )
        return made

    def tongues_of_places(self):
        return self.pick([(0, 1, 3), (0, 1), (0, 3), (0, 2, 3), (1, 3)])

    def member(self, inner, outer, kind):
        if outer is inner:
            return
        self.memberships.append(
            membership(
                {"place": inner, "parent": outer, "source": self.pick(self.sources)},
                id=len(self.memberships) + 1,
                ref=self.ref(),
                kind=kind,
                **(dating("throughout", "1968/1991") if kind == "administered_under" else {}),
            )
        )

    def name(self, key, related, text, tongue, ref):
        language, script = LANGUAGES[tongue]
        return name(related, id=key, ref=ref, text=text, language=language, script=script, kind="preferred")

    def survey_days(self):
        days = (self.random.randrange(1978, 2022) * 10000 + self.random.randrange(4, 11) * 100 for _ in range(240))
        return [dating("on", dates.iso(day + self.random.randrange(1, 29))) for day in days]

    def intervals(self):
        """Return the spans between images of the same ground, as monitoring gives them, and some known from reports only."""
        taken = sorted(
            {self.random.randrange(2003, 2022) * 10000 + self.random.randrange(1, 13) * 100 + 14 for _ in range(70)}
        )
        pairs = [(lo, hi) for step in (1, 2, 3) for lo, hi in zip(taken, taken[step:], strict=False)]
        return [dating("once_between", f"{dates.iso(lo)}/{dates.iso(hi)}") for lo, hi in pairs] + [
            dating("before", f"../{dates.iso(hi)}", "report_date") for hi in taken
        ]


def worded(blocks):
    """Return each date block with its words."""
    return [(block, dates.qualified(**block)) for block in blocks]


def degrees(number):
    return Decimal(round(number * 1_000_000)).scaleb(-6)


def origins():
    """Return the periods that things are said to be from."""
    centuries = [dating("once_between", f"{century:02}XX") for century in range(8, 20) for _ in range(6)]
    decades = [dating("once_between", f"{decade}X") for decade in range(170, 194)]
    return centuries + decades + [dating("on", str(year)) for year in range(1790, 1936, 3)]
