"""The trainings in this library."""

import keras

import keras_gan as kg


def layer(kind: str, *given) -> keras.layers.Layer:
    """A layer of a task."""
    layers, own = keras.layers, kg.layers
    return {
        "dense": lambda units, bias: layers.Dense(units, use_bias=bias),
        "conv": lambda filters, kernel, strides, bias: own.Conv2D(
            filters, kernel, strides, padding="same", use_bias=bias
        ),
        "transposed": lambda filters, kernel, bias: own.Conv2DTranspose(
            filters, kernel, 2, padding="same", use_bias=bias
        ),
        "double": lambda: layers.UpSampling2D(),
        "batch": lambda: layers.BatchNormalization(momentum=0.9, epsilon=1e-5),
        "leaky": lambda slope: layers.LeakyReLU(slope),
        "relu": lambda: layers.ReLU(),
        "tanh": lambda: layers.Activation("tanh", dtype="float32"),
        "reshape": lambda shape: layers.Reshape(shape),
        "flatten": lambda: layers.Flatten(),
        "dropout": lambda rate: own.Dropout(rate),
        "pad": lambda size: layers.ZeroPadding2D(size),
        "crop": lambda size: layers.Cropping2D(size),
    }[kind](*given)


def network(layers: tuple, shape: tuple) -> keras.Sequential:
    """A network of a task."""
    made = [layer(*each) for each in layers]
    if layers[-1][0] == "dense":  # scores and points in float32
        made[-1] = keras.layers.Dense(layers[-1][1], dtype="float32")
    return keras.Sequential([keras.layers.Input(shape), *made])


def game(task, jit_compile="auto"):
    """The compiled game of a task."""
    pair = (
        network(task.generator, (task.latent_dim,)),
        network(task.discriminator, task.shape),
    )
    if task.game == "gan":
        made = kg.GAN(*pair, seed=0)
    elif task.game == "r1":
        made = kg.GAN(*pair, penalties=[kg.penalties.R1()], seed=0)
    elif task.game == "r3gan":
        made = kg.R3GAN(*pair, average=None, seed=0)
    else:
        made = kg.WGANGP(*pair, seed=0)
    optimizers = [keras.optimizers.Adam(task.rate, task.beta_1, task.beta_2) for _ in range(2)]
    made.compile(
        generator_optimizer=optimizers[0],
        discriminator_optimizer=optimizers[1],
        steps_per_execution=task.fused,
        jit_compile=jit_compile,
    )
    return made
