"""How fast each stage is: `python -m benchmarks.speed.x`."""
