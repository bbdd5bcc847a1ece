"""How fast it is, measured: `python -m benchmarks`, told apart from how fast it was by results/*.json."""
