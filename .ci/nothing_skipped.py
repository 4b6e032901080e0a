"""Fail unless every test ran. Usage: nothing_skipped.py REPORT.xml…, one JUnit report for each run of the suite.

A test for one database engine is skipped on the other with a reason that begins as below, and must have run there.
"""

import sys
from xml.etree import ElementTree

ONE_ENGINE = ("only SQLite", "only PostgreSQL")


def outcomes(report):
    """Yield (test, reason) for each test of ``report``; the reason is empty for a test that ran."""
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314
        skip = case.find("skipped")
        yield f"{case.get('classname')}::{case.get('name')}", "" if skip is None else skip.get("message", "no reason")


def unexplained(runs):
    """Yield a sentence for each test that was skipped in one of ``runs`` and should not have been."""
    ran = {test for run in runs for test, reason in run if not reason}
    for run in runs:
        for test, reason in run:
            if reason and not (reason.startswith(ONE_ENGINE) and test in ran):
                yield f"skipped: {test}: {reason}"


def main(reports):
    runs = [list(outcomes(report)) for report in reports]
    if not all(runs):
        sys.exit("A report holds no test.")
    faults = list(unexplained(runs))
    if faults:
        sys.exit("\n".join(faults))
    print(f"{sum(len(run) for run in runs)} tests in {len(runs)} runs, none skipped that could run.")


if __name__ == "__main__":
    main(sys.argv[1:])
