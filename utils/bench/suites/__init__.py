"""The suites: each module here holds benchmarks in a tuple ``BENCHMARKS`` and is found by its place alone."""
