"""Models that make samples of nothing but random numbers, and the presets of their generators."""
