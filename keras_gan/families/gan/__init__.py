"""GANs of a generator and a discriminator."""
