"""Plain and denoising autoencoders: their runs, and how they are scored."""
