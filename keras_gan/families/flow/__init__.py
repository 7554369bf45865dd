"""Normalizing flows: their runs, what is published of them, how they are scored."""
