"""`python -m bench.faults`: real faults, one after the other; ends with 1 if anything was lost."""

import argparse
import sys

from app.curriculum import load
from bench.faults import caches, clocks, kills, postgresql, storage
from bench.faults.finding import Fault, Settings
from bench.servers import copied_content, scratch

FAULTS: dict[str, Fault] = {
    "kills": kills.kills,
    "writers": kills.writers,
    "full": storage.full,
    "read-only": storage.read_only,
    "clock": clocks.jumps,
    "cache": caches.caches,
    "postgresql": postgresql.restarts,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.faults", description=__doc__)
    parser.add_argument("--only", action="append", choices=sorted(FAULTS), help="this alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter, for a first look")
    asked = parser.parse_args()
    lost = False
    with scratch() as folder:
        content = copied_content(folder)
        curriculum = load(content, cache=folder / "cache")
        settings = Settings(folder, content, curriculum)
        if asked.quick:
            settings = Settings(folder, content, curriculum, kills=10, seconds=10.0, restarts=2)
        for name in asked.only or FAULTS:
            for finding in FAULTS[name](settings):
                lost = lost or bool(finding.wrong)
                print(finding, flush=True)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
