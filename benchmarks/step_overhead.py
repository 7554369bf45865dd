"""What the library costs: a step of `GAN` against the same mathematics written by hand.

    python benchmarks/step_overhead.py

Both train the same networks with the same optimizers on the same data in one process, by turns.
The hand-written step is one `tf.function`. Printed is the median over all rounds of the ratio of
the two times within a round (ours / by hand), with the quartiles.
"""

import argparse
import time

import keras
import numpy as np
import tensorflow as tf

import keras_gan as kg
from keras_gan.layers.spectral_normalization import one_kernel


def networks(kind):
    """A fresh pair: the DCGAN pair of MNIST with spectral normalization, or two MLPs."""
    if kind == "dcgan":
        shape = (28, 28, 1)
        generator = kg.networks.dcgan_generator(shape, latent_dim=128, width=64)
        return generator, kg.networks.dcgan_discriminator(shape, width=64, normalization="spectral")
    return kg.networks.mlp_generator(), kg.networks.mlp_discriminator()


def by_hand(generator, discriminator, batch, fused):
    """The non-saturating GAN as one would write it: no library, one `tf.function`."""
    latent_dim = generator.input_shape[-1]
    generator_optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    discriminator_optimizer = keras.optimizers.Adam(2e-4, beta_1=0.5)
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)
    D = discriminator.trainable_variables
    G = generator.trainable_variables

    def step(real):
        z = tf.random.normal((batch, latent_dim))
        with tf.GradientTape(watch_accessed_variables=False) as tape, one_kernel():
            tape.watch([v.value for v in D])
            fake_scores = discriminator(generator(z, training=True), training=True)
            real_scores = discriminator(real, training=True)
            discriminator_loss = tf.reduce_mean(tf.nn.softplus(-real_scores)) + tf.reduce_mean(
                tf.nn.softplus(fake_scores)
            )
        gradients = tape.gradient(discriminator_loss, [v.value for v in D])
        discriminator_optimizer.apply(gradients, D)
        z = tf.random.normal((batch, latent_dim))
        with tf.GradientTape(watch_accessed_variables=False) as tape, one_kernel():
            tape.watch([v.value for v in G])
            fake_scores = discriminator(generator(z, training=True), training=True)
            generator_loss = tf.reduce_mean(tf.nn.softplus(-fake_scores))
        generator_optimizer.apply(tape.gradient(generator_loss, [v.value for v in G]), G)
        return discriminator_loss, generator_loss

    @tf.function
    def steps(iterator):
        losses = tf.constant(0.0), tf.constant(0.0)
        for _ in tf.range(fused):
            losses = step(next(iterator))
        return losses

    return steps


def ours(generator, discriminator, fused):
    """The library's step, as `fit` calls it."""
    gan = kg.GAN(generator, discriminator, seed=0)
    gan.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5),
        steps_per_execution=fused,
    )
    gan.make_train_function()
    return gan.train_function


def ratios(kind, batch, fused, rounds, calls):
    """The times of ours and of the hand-written step, round by round, as ratios."""
    shape = (28, 28, 1) if kind == "dcgan" else (2,)
    data = np.random.default_rng(0).uniform(-1, 1, (batch * 8, *shape)).astype("float32")
    dataset = tf.data.Dataset.from_tensor_slices(data).batch(batch, drop_remainder=True)
    steps = {"ours": ours(*networks(kind), fused), "hand": by_hand(*networks(kind), batch, fused)}
    iterators = {name: iter(dataset.cache().repeat().prefetch(8)) for name in steps}
    for name, function in steps.items():  # trace and warm up
        function(iterators[name])
        function(iterators[name])
    measured = []
    for i in range(rounds):
        seconds = {}
        for name in sorted(steps, reverse=bool(i % 2)):
            start = time.perf_counter()
            for _ in range(calls):
                result = steps[name](iterators[name])
            keras.tree.map_structure(np.asarray, result)  # wait for the last step
            seconds[name] = (time.perf_counter() - start) / (calls * fused)
        measured.append((seconds["ours"] / seconds["hand"], seconds["hand"]))
    return np.array(measured)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=31)
    rounds = parser.parse_args().rounds
    print("| pair | batch | fused steps | by hand, ms per step | ours / by hand | quartiles |")
    print("|---|---|---|---|---|---|")
    for kind, batch, fused, calls in (("dcgan", 64, 1, 4), ("mlp", 64, 50, 8), ("mlp", 256, 50, 4)):
        result = ratios(kind, batch, fused, rounds, calls)
        low, median, high = np.percentile(result[:, 0], [25, 50, 75])
        hand = 1000 * np.median(result[:, 1])
        print(f"| {kind} | {batch} | {fused} | {hand:.2f} | {median:.3f} | {low:.3f}–{high:.3f} |")


if __name__ == "__main__":
    main()
