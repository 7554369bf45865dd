"""Translation learnt from pairs of images, one way."""
