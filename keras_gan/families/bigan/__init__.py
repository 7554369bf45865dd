"""The bidirectional GAN, which also trains an encoder."""
