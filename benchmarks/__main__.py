"""`make bench`: every benchmark, or `python -m benchmarks NAME…` those named, each beside its peer in the same run."""

import sys

from benchmarks import (
    compare,
    compare_costs,
    curves,
    data_files,
    estimate,
    ladder_time,
    live,
    pages,
    ppo,
    probes,
    ratings,
    real_sft,
    scoring,
    stages,
    startup,
    training,
    votes_loop,
    voting,
    wire,
    wizard,
)

BENCHMARKS = {
    "startup": startup,
    "stages": stages,
    "wire": wire,
    "curves": curves,
    "data_files": data_files,
    "live": live,
    "pages": pages,
    "wizard": wizard,
    "training": training,
    "probes": probes,
    "ratings": ratings,
    "compare": compare,
    "compare_costs": compare_costs,
    "scoring": scoring,
    "voting": voting,
    "ppo": ppo,
    "ladder": ladder_time,
    "real_sft": real_sft,
    "estimate": estimate,
    "votes_loop": votes_loop,
}


def main(names: list[str]) -> None:
    if unknown := [name for name in names if name not in BENCHMARKS]:
        sys.exit(f"There is no benchmark {unknown[0]}. There are: {', '.join(BENCHMARKS)}.")
    for name in names or BENCHMARKS:
        BENCHMARKS[name].main()


if __name__ == "__main__":
    main(sys.argv[1:])
