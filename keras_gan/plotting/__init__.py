"""Pictures of samples and charts of what is measured."""
