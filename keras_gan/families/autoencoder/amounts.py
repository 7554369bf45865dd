"""The usual amounts of the noise on the input of a denoising autoencoder."""

NONE = "none"
AMOUNTS = {"gaussian": 0.5, "masking": 0.3, "salt_and_pepper": 0.1}  # σ, or a share of components
