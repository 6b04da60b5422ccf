"""`make bench`: every benchmark, one after another, each beside its peer in the same run."""

from benchmarks import startup, training


def main() -> None:
    for benchmark in (startup, training):
        benchmark.main()


if __name__ == "__main__":
    main()
