"""Fill a latent space with four data points: adversarial variational Bayes beside a plain VAE.

    pip install .    # in a clone of this repository
    python avb_four_points.py             # both methods, two to three minutes on two cores

The data are four pictures of four pixels, one of which is white, and z has two components. The
posteriors that are best for such data are the prior cut into four pieces, and then every picture
has the likelihood ¼: log p(x) = −log 4 = −1.386. A Gaussian posterior (left) cannot have the shape
of a piece, the black box of AVB (right) can.
Reference: Mescheder, Nowozin and Geiger 2017, arXiv 1701.04722, section 5 and figure 5.
"""

import argparse
import pathlib

import keras
import numpy as np
from keras import ops
from PIL import Image, ImageDraw

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--steps", type=int, default=10000, help="a multiple of 50")
parser.add_argument("--batch-size", type=int, default=256)
parser.add_argument("--width", type=int, default=64, help="units of encoder's and decoder's layers")
parser.add_argument("--folder", default="avb_four_points", help="where the picture goes")
arguments = parser.parse_args()

POINTS = 2 * np.eye(4, dtype="float32") - 1
COLOURS = ("#d33c3c", "#3a6fd0", "#2f9a45", "#ee9a1c")
DISCRIMINATOR_STEPS = 2
bernoulli = kg.likelihoods.Bernoulli()


def falling(start, end, moves):
    """Adam at a rate that falls to a share of the start."""
    schedule = keras.optimizers.schedules.CosineDecay(start, moves, alpha=end)
    return keras.optimizers.Adam(schedule, beta_1=0.5)


def decoder():
    """From z to the logits of four pixels."""
    return kg.networks.mlp_generator(4, 2, arguments.width, activation="elu")


def trained_vae():
    """A Gaussian posterior, whose KL divergence is known: no discriminator is needed."""
    encoder = kg.networks.mlp_generator(4, 4, arguments.width, activation="elu", name="encoder")
    vae = kg.VAE(encoder, decoder(), likelihood=bernoulli, seed=0)
    vae.compile(optimizer=falling(2e-3, 0.0, arguments.steps), steps_per_execution=50)
    return fitted(vae, arguments.batch_size)


def trained_avb():
    """A black box for a posterior, and a discriminator that finds out its KL divergence."""
    avb = kg.AVB(
        decoder(),
        kg.networks.avb_encoder(4, 2, noise_dim=16, width=arguments.width, activation="elu"),
        kg.networks.avb_discriminator(4, 2, width=2 * arguments.width, activation="elu"),
        likelihood=bernoulli,
        contrast_noises=0,  # a Gaussian is no help where the posterior is far from one
        schedule=DISCRIMINATOR_STEPS,
        seed=0,
    )
    avb.compile(
        # the others come to rest, so that the discriminator finds its optimum, which is the ELBO
        generator_optimizer=falling(5e-4, 0.0, arguments.steps),
        discriminator_optimizer=falling(1e-3, 0.02, DISCRIMINATOR_STEPS * arguments.steps),
        steps_per_execution=50,
    )
    return fitted(avb, arguments.batch_size * DISCRIMINATOR_STEPS)


def fitted(model, batch_size):
    """The model after its steps."""
    x = np.tile(POINTS, (50 * batch_size // 4, 1))  # an epoch is 50 steps
    model.fit(x, batch_size=batch_size, epochs=arguments.steps // 50, verbose=0)
    return model


def decoder_of(model):
    """The network from z to logits, which the game calls its generator."""
    return getattr(model, "decoder", None) or model.generator


def posterior_samples(model, x):
    """One draw of z from q(z|x) of each x."""
    if isinstance(model, kg.AVB):
        return model.encode(x, seed=0)
    return ops.convert_to_numpy(model.posterior(x).sample((len(x), 2), seed=0))


def log_likelihood(decoder):
    """log p(x) on the mean over the points: ∫ p(x|z) p(z) dz by a sum over a fine grid."""
    axis = np.linspace(-5, 5, 401, dtype="float32")
    z = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    logits = decoder.predict(z, batch_size=8192, verbose=0)
    log_density = np.stack([bernoulli.log_density(np.tile(x, (len(z), 1)), logits) for x in POINTS])
    weights = np.exp(-0.5 * (z.astype("float64") ** 2).sum(axis=1))
    return np.log(np.exp(log_density.astype("float64")) @ (weights / weights.sum())).mean()


def panel(title, z):
    """Codes of the four points, (4, n, 2), each point's in a colour of its own."""
    picture = Image.new("RGB", (480, 480), "white")
    draw = ImageDraw.Draw(picture)
    for colour, codes in zip(COLOURS, z, strict=True):
        for u, v in 240 + 65 * codes * [1, -1]:
            draw.ellipse([u - 1, v - 1, u + 1, v + 1], fill=colour)
    draw.text((10, 8), title, fill="black", font_size=20)
    return picture


print(f"{'':6}{'ELBO':>8}{'log p(x)':>10}{'decoded rightly':>17}   (best: -1.386, -1.386, 100%)")
panels = []
for title, make in {"VAE": trained_vae, "AVB": trained_avb}.items():
    keras.utils.set_random_seed(0)
    model = make()
    bound = model.evaluate(np.tile(POINTS, (2500, 1)), batch_size=1000, verbose=0, return_dict=True)
    z = posterior_samples(model, np.repeat(POINTS, 2500, axis=0))
    decoded = decoder_of(model).predict(z, batch_size=8192, verbose=0).argmax(axis=1)
    right = np.mean(decoded == np.repeat(np.arange(4), 2500))
    exact = log_likelihood(decoder_of(model))
    print(f"{title:6}{bound['elbo_estimate']:8.3f}{exact:10.3f}{right:17.1%}")
    panels.append(panel(title, z.reshape(4, 2500, 2)))

folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
figure = Image.new("RGB", (960, 480), "white")
for i, each in enumerate(panels):
    figure.paste(each, (480 * i, 0))
figure.save(folder / "avb_four_points.png")
print(f"{folder}/avb_four_points.png: z of the four points, in four colours")
