"""The product's settings with the addresses of the benchmarks."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
