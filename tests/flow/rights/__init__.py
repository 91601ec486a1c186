"""Rights equal responsibility: four processes, played with for minutes, and judged."""
