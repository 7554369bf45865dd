"""The GAN whose samples show codes, which it also reads."""
