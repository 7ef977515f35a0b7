"""Benchmarks: ratios on one machine, never absolute promises. `./run bench matrix` runs them."""
