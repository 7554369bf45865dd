"""Translation between two sets of images, and its presets."""
