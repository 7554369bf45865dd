"""What all generative models share: data come in, samples and codes come out, files load."""
