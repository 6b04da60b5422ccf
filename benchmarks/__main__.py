"""`make bench`: every benchmark, one after another, each beside its peer in the same run."""

from benchmarks import ppo, startup, training


def main() -> None:
    for benchmark in (startup, training, ppo):
        benchmark.main()


if __name__ == "__main__":
    main()
