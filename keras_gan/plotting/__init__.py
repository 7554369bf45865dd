"""Pictures of samples, and charts of scores."""
