"""`python -m bench`: every bar, measured in turn with its floor, as a table and as build/bench.json."""

import argparse
from collections.abc import Callable, Iterator

from app.curriculum import load
from bench import pages, report, signing_in, starting, uploading, weights
from bench.report import Row
from bench.servers import copied_content, scratch
from bench.settings import Settings
from config import CHECKOUT

MEASURES: dict[str, Callable[[Settings], Iterator[Row]]] = {
    **pages.MEASURES,
    **signing_in.MEASURES,
    **starting.MEASURES,
    **uploading.MEASURES,
    **weights.MEASURES,
}


def main() -> None:
    asked = _arguments()
    rounds = asked.rounds or (3 if asked.quick else 9)
    rows: list[Row] = []
    print(report.HEADING)
    with scratch() as folder:
        content = copied_content(folder)
        settings = Settings(
            folder,
            content,
            load(content, cache=folder / "cache"),
            rounds=rounds,
            seconds=0.5 if asked.quick else 0.8,
            people=12 if asked.quick else 60,
        )
        for name in asked.only or MEASURES:
            for row in MEASURES[name](settings):
                rows.append(row)
                print(report.line(row), flush=True)
    print(report.summary(rows))
    report.write(CHECKOUT / "build" / "bench.json", rows, rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=sorted(MEASURES), help="measure this alone; may be repeated"
    )
    parser.add_argument("--rounds", type=int, help="rounds of each (9; 3 with --quick)")
    parser.add_argument(
        "--quick", action="store_true", help="shorter rounds and fewer people, for a first look"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
