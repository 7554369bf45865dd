"""GANs with a generator and a discriminator."""
