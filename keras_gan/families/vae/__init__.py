"""Variational autoencoders: their runs, what is published of them, how they are scored."""
