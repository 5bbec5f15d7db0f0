"""Benchmarks: ratios measured in one run on one machine. They print, they never judge."""
