"""What do the strongest directions of a generator's latent space change?

    pip install .    # in a clone of this repository
    python latent_directions.py                      # the preset dcgan_mnist, some seconds
    python latent_directions.py --preset r3gan_mnist --directions 8

The directions are those along which the outputs of the generator's first layer change most, the
eigenvectors of A Aᵀ with the largest eigenvalues, where y = Aᵀz + b are these outputs:

    argmax over ‖u‖ = 1 of ‖Aᵀu‖²

They need neither data nor training. The picture has a row per direction u, from G(z − a u) on the
left to G(z + a u) on the right, with the same z in the middle of each. For comparison the last row
is a random direction. How far the images of a row are from its middle is printed beside each.

Reference: Shen and Zhou 2020, Closed-Form Factorization of Latent Semantics in GANs,
arXiv 2007.06600.
"""

import argparse
import pathlib

import numpy as np

import keras_gan as kg

parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
parser.add_argument("--preset", default="dcgan_mnist", help="of images")
parser.add_argument("--directions", type=int, default=5)
parser.add_argument("--steps", type=int, default=9, help="columns of the picture")
parser.add_argument("--reach", type=float, default=6.0, help="a, the largest step")
parser.add_argument("--seed", type=int, default=0, help="of z and the random direction")
parser.add_argument("--folder", default="latent_directions", help="where the picture goes")
arguments = parser.parse_args()

generator = kg.Generator.from_preset(arguments.preset)
directions = kg.latent_directions(generator, arguments.directions)
random = np.random.default_rng(arguments.seed).normal(size=directions.shape[1])
rows = np.stack([*directions, random / np.linalg.norm(random)]).astype("float32")

z = generator.latents(200, seed=arguments.seed)
middle = generator.samples_of(z)
print("root mean square change of pixels at the ends, over 200 images")
for name, u in zip([*range(1, len(rows)), "random"], rows, strict=True):
    ends = [generator.moved(z, a * u) for a in (-arguments.reach, arguments.reach)]
    change = np.sqrt(np.mean([(end - middle) ** 2 for end in ends]))
    print(f"  direction {name}: {change:.3f}")

folder = pathlib.Path(arguments.folder)
folder.mkdir(parents=True, exist_ok=True)
picture = kg.plotting.directions_image(
    generator, rows, z[0], steps=arguments.steps, reach=arguments.reach
)
picture.save(folder / "directions.png")
print(f"wrote {folder}/directions.png")
