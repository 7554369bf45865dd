"""VQ-VAEs and the priors of their codes: their runs, what is published, how they are scored."""
