"""Models that generate samples from latent vectors, and the presets of their generators."""
