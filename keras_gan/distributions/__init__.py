"""Distributions that sample and have a density: priors of z, likelihoods of decoders."""
