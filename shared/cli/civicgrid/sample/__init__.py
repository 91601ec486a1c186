"""The sample district: Lanhe, invented from a seed. ``python -m civicgrid.sample OUT``."""

from civicgrid.sample.generate import SEED, generate

__all__ = ["SEED", "generate"]
