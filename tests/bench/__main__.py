"""The benchmark: every path at every size over real HTTP, beside ordinary Django and beside the query alone.

    python -m tests.bench --sizes 10000,100000,1000000 --engines sqlite,postgres --keep /some/folder --json results.json

Registers are generated where they are not kept from an earlier run: at a million that takes long and much room. The report
is printed as Markdown.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from tests.bench import report
from tests.bench.baselines import Floor
from tests.bench.databases import ENGINES, HOUSE, Shelf
from tests.bench.measure import Stand, measured, summary
from tests.bench.paths import GROUPS
from tests.bench.samples import deep, sampled
from tests.bench.server import OURS, STOCK, Server, loads

POSTGRES = "postgres://postgres@127.0.0.1:5432"
PUBLISHED, ROUNDS = 10, 2
DETAILS = {"detail, page": "/monuments/{}/", "detail, JSON": "/monuments/{}.json"}


def arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__.split("\n")[0])
    parser.add_argument("--sizes", type=numbers, default=[10_000, 100_000], metavar="N,N", help="monuments")
    parser.add_argument("--engines", type=engines, default=["sqlite"], metavar="E,E", help="sqlite, postgres")
    parser.add_argument("--paths", default="", metavar="TEXT", help="only paths whose names contain one of TEXT,TEXT")
    parser.add_argument("--seconds", type=float, default=2.0, help="each is asked for so long, and fifty times")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--keep", metavar="DIR", help="keep the registers there and use those that are kept there")
    parser.add_argument(
        "--postgres", default=POSTGRES, metavar="URL", help=f"server; its bench_… databases are ours ({POSTGRES})"
    )
    parser.add_argument("--json", metavar="OUT", help="write the results there")
    parser.add_argument("--no-publishing", action="store_true", help="leave the registers as they are")
    return parser.parse_args()


def numbers(text):
    return sorted({int(part) for part in text.split(",")})


def engines(text):
    chosen = text.split(",")
    if unknown := set(chosen) - set(ENGINES):
        raise argparse.ArgumentTypeError(f"unknown: {', '.join(sorted(unknown))}")
    return [one for one in ENGINES if one in chosen]


def tell(text):
    print(text, file=sys.stderr, flush=True)


def main():
    asked = arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers are ended, too
    with ExitStack() as held:
        folder = asked.keep or held.enter_context(tempfile.TemporaryDirectory(prefix="bench-"))
        shelf = Shelf(folder, asked.postgres, asked.seed)
        registers = []
        for engine in asked.engines:
            for size in asked.sizes:
                registers.append(shelf.register(engine, size, tell))
                if not asked.keep:
                    held.callback(shelf.drop, registers[-1])
        found = run(registers, asked)
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, indent=1))
    print(report.Report(found).markdown())


def run(registers, asked):
    """Measure; return what is reported. Ended early, it is what was measured until then."""
    found = {
        "command": " ".join(["python -m tests.bench", *shown(sys.argv[1:])]),
        "day": report.today(),
        "machine": report.machine(os.cpu_count()),
        "registers": [{"engine": one.engine, "size": one.size, **one.made} for one in registers],
        "loads": [loads()],
    }
    samples = sampled(registers)
    found |= {"queries": queries(registers[0], samples.refs[0]), "publishing": [], "results": []}
    try:
        if not asked.no_publishing:
            found["publishing"] = publishing(registers)
        with stands(registers, samples) as standing:
            for group in GROUPS:
                wanted = [path for path in group if any(part in path.name for part in asked.paths.split(","))]
                fresh = measured(wanted, standing, asked.seconds)
                tell("\n".join(map(told, fresh)))
                found["results"] += fresh
    except KeyboardInterrupt:
        tell("Ended early.")
    found["loads"].append(loads())
    return found


@contextmanager
def stands(registers, samples):
    """Serve every register by both applications, all at the same time, so that they can be measured by turns."""
    with ExitStack() as held:
        standing = []
        for register in registers:
            tell(f"Serving {register.name} …")
            ours, stock = (held.enter_context(Server(application, register)) for application in (OURS, STOCK))
            own = replace(samples, size=register.size, deep=deep(register, ours.port))
            floor = Floor(register, own)
            held.callback(floor.close)
            standing.append(Stand(register, ours, stock, own, floor))
        yield standing


def publishing(registers):
    """Publish changed monuments one at a time, the registers in turn; return the medians."""
    taken = {register: [] for register in range(len(registers))}
    for _ in range(ROUNDS):
        for place, register in enumerate(registers):
            taken[place] += inside(register, "publish", str(PUBLISHED))
    return [
        {"engine": register.engine, "size": register.size, **summary([one / 1000 for one in taken[place]])}
        for place, register in enumerate(registers)
    ]


def queries(register, ref):
    found = inside(register, "queries", *(form.format(ref) for form in DETAILS.values()))
    return [{"path": path, "queries": found[form.format(ref)]["queries"]} for path, form in DETAILS.items()]


def inside(register, *verb):
    command = [sys.executable, "-m", "tests.bench.inside", *verb]
    done = subprocess.run(command, cwd=HOUSE, env=register.environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def told(result):
    parts = [f"{name} {result[name]['median']}" for name in ("ours", "stock", "floor") if name in result]
    return f"{result['path']}, {result['engine']} {result['size']:,}: {', '.join(parts)} ms"


def shown(words):
    """Return the arguments without those that say where files are kept."""
    where = {
        number + step
        for number, word in enumerate(words)
        if word in {"--keep", "--json", "--postgres"}
        for step in (0, 1)
    }
    return [word for number, word in enumerate(words) if number not in where]


if __name__ == "__main__":
    main()
