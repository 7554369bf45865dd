"""The bidirectional GAN: an encoder beside the generator."""
