"""The trainings that are timed: networks as lists of layers, sizes, and the game's name."""

import dataclasses

LEAKY = ("leaky", 0.2)


@dataclasses.dataclass(frozen=True)
class Task:
    """A training: its game, networks, batch, and how many steps one call takes."""

    game: str  # "gan", "r1", "r3gan", "wgangp"
    generator: tuple
    discriminator: tuple
    latent_dim: int
    shape: tuple
    batch: int
    fused: int
    rate: float
    beta_1: float
    beta_2: float

    @property
    def discriminator_steps(self) -> int:
        """Moves of the discriminator in a step."""
        return 5 if self.game == "wgangp" else 1


def mlp(units: int, depth: int, outputs: int, activation: tuple) -> tuple:
    """Hidden layers, and one that is linear."""
    return tuple([("dense", units, True), activation] * depth + [("dense", outputs, True)])


def dcgan(width: int) -> tuple:
    """The pair of the DCGAN paper for 28 x 28 pixels: generator, discriminator."""
    generator = (
        *(("dense", 49 * 2 * width, False), ("reshape", (7, 7, 2 * width)), ("batch",), ("relu",)),
        *(("transposed", width, 4, False), ("batch",), ("relu",)),
        *(("transposed", 1, 4, True), ("tanh",)),
    )
    discriminator = (
        *(("conv", width, 4, 2, True), LEAKY, ("conv", 2 * width, 4, 2, True), LEAKY),
        *(("flatten",), ("dense", 1, True)),
    )
    return generator, discriminator


def keras_io() -> tuple:
    """The pair of the WGAN-GP example on keras.io, for 28 x 28 pixels: generator, critic."""
    generator = (
        *(("dense", 4 * 4 * 256, False), ("batch",), LEAKY, ("reshape", (4, 4, 256))),
        *(("double",), ("conv", 128, 3, 1, False), ("batch",), LEAKY),
        *(("double",), ("conv", 64, 3, 1, False), ("batch",), LEAKY),
        *(("double",), ("conv", 1, 3, 1, False), ("batch",), ("tanh",), ("crop", 2)),
    )
    critic = (
        *(("pad", 2), ("conv", 64, 5, 2, True), LEAKY),
        *(("conv", 128, 5, 2, True), LEAKY, ("dropout", 0.3)),
        *(("conv", 256, 5, 2, True), LEAKY, ("dropout", 0.3)),
        *(("conv", 512, 5, 2, True), LEAKY),
        *(("flatten",), ("dropout", 0.2), ("dense", 1, True)),
    )
    return generator, critic


POINTS = (mlp(128, 3, 2, ("relu",)), mlp(128, 3, 1, LEAKY), 2, (2,), 256, 50)
IMAGES = (*dcgan(32), 50, (28, 28, 1), 64, 10)

TASKS = {
    "mlp_gan": Task("gan", *POINTS, 2e-4, 0.5, 0.999),
    "mlp_wgangp": Task("wgangp", *POINTS, 1e-4, 0.0, 0.9),
    "dcgan": Task("gan", *IMAGES, 2e-4, 0.5, 0.999),
    "r1": Task("r1", *IMAGES, 2e-4, 0.5, 0.999),
    "r3gan": Task("r3gan", *IMAGES, 2e-4, 0.0, 0.9),
    "wgangp": Task("wgangp", *keras_io(), 128, (28, 28, 1), 64, 1, 2e-4, 0.5, 0.9),
}
