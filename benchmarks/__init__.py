"""Measures what a request costs in CPU time, beside bare SQL, on synthetic data. `python -m benchmarks --help`."""
