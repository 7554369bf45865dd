"""One name for the shape of a sample, `sample_shape`, beside the builders' own spellings."""

import inspect

import numpy as np
import pytest

import keras_gan as kg
from keras_gan.networks import registry
from keras_gan.networks.registry import Origin, origin_of

BUILDERS = sorted(
    name
    for name in kg.networks.__all__
    if name.endswith(("_generator", "_discriminator", "_encoder"))
)
POINTS = ("mlp_generator", "mlp_discriminator", "avb_encoder", "avb_discriminator")
ONE_SPELLING = (  # whose own argument is sample_shape
    "mlp_encoder",
    "conv1d_generator",
    "conv1d_discriminator",
    "conv3d_generator",
    "conv3d_discriminator",
)
OTHERS = POINTS + ONE_SPELLING
IMAGES = tuple(name for name in BUILDERS if name not in OTHERS and not name.startswith("bigan"))


def channels_of(name):
    return 3 if name.startswith("projected") else 2


def built(name, *args, **kwargs):
    return getattr(kg.networks, name)(*args, width=2, **kwargs)


def shapes(network):
    return [(weight.path, tuple(weight.shape)) for weight in network.weights]


@pytest.mark.parametrize("name", BUILDERS)
def test_every_builder_takes_a_sample_shape_and_says_so(name):
    builder = getattr(kg.networks, name)
    assert "sample_shape" in inspect.signature(builder).parameters
    assert "sample_shape" in builder.__doc__


@pytest.mark.parametrize(
    ("name", "own", "value", "shape"),
    [(name, "data_dim", 3, (3,)) for name in POINTS]
    + [(name, "image_shape", (16, 24, c := channels_of(name)), [16, 24, c]) for name in IMAGES],
)
def test_both_spellings_build_the_same_network_and_record(name, own, value, shape):
    networks = [
        built(name, sample_shape=shape),
        built(name, **{own: value}),
        built(name, value),
        built(name, **{own: value}, sample_shape=None),
    ]
    stored = list(value) if own == "image_shape" else value
    assert origin_of(networks[0]).arguments[own] == stored
    assert "sample_shape" not in origin_of(networks[0]).arguments
    plain = [[(shape, path.split("/")[-1]) for path, shape in shapes(each)] for each in networks]
    for network, weights in zip(networks, plain, strict=True):
        assert origin_of(network) == origin_of(networks[0])
        assert weights == plain[0]
        assert (network.input_shape, network.output_shape) == (
            networks[0].input_shape,
            networks[0].output_shape,
        )


def test_a_record_of_either_spelling_is_built():
    for arguments in ({"data_dim": 3}, {"sample_shape": [3]}):
        network = registry.build(Origin("mlp_generator", arguments | {"width": 2}))
        assert network.output_shape == (None, 3)
        assert origin_of(network).arguments["data_dim"] == 3


@pytest.mark.parametrize(
    ("name", "args", "kwargs", "message"),
    [
        (
            "mlp_generator",
            (),
            {"sample_shape": (2,), "data_dim": 2},
            r"^mlp_generator takes sample_shape or data_dim, not both; received "
            r"sample_shape=\(2,\) and data_dim=2\.$",
        ),
        (
            "dcgan_generator",
            ((28, 28, 1),),
            {"sample_shape": (28, 28, 1)},
            r"^dcgan_generator takes sample_shape or image_shape, not both; ",
        ),
        (
            "mlp_discriminator",
            (),
            {"sample_shape": (28, 28, 1)},
            r"^sample_shape of mlp_discriminator must be \(d,\), the dimensions of a point, in "
            r"positive integers; received \(28, 28, 1\)\.$",
        ),
        (
            "resnet_generator",
            (),
            {"sample_shape": (2,)},
            r"^sample_shape of resnet_generator must be \(height, width, channels\), the shape of "
            r"an image, in positive integers; received \(2,\)\.$",
        ),
        ("mlp_generator", (), {"sample_shape": 2}, r"must be \(d,\).* received 2\.$"),
        ("mlp_generator", (), {"sample_shape": (0,)}, r"must be \(d,\).* received \(0,\)\.$"),
        ("mlp_generator", (), {"sample_shape": (True,)}, r"must be \(d,\).* received \(True,\)"),
        ("dcgan_generator", (), {"sample_shape": (5, 7, 1)}, "at least 8 pixels, not 5 x 7"),
        ("bigan_generator", (), {"sample_shape": (2, 2)}, r"received \(2, 2\)\.$"),
    ],
)
def test_what_a_builder_cannot_take_is_refused_in_one_sentence(name, args, kwargs, message):
    with pytest.raises(ValueError, match=message) as error:
        built(name, *args, **kwargs)
    assert str(error.value).count(". ") == 0


def test_a_registered_function_of_ones_own_accepts_it_too(monkeypatch):
    monkeypatch.setattr(registry, "MAKERS", dict(registry.MAKERS))

    @kg.networks.register
    def own_generator(data_dim: int = 2):
        return kg.networks.mlp_generator(data_dim, width=2)

    @kg.networks.register
    def open_generator(data_dim: int = 2, **options):
        return kg.networks.mlp_generator(data_dim, width=2, **options)

    assert own_generator(sample_shape=(5,)).output_shape == (None, 5)
    with pytest.raises(ValueError, match="takes sample_shape or data_dim, not both"):
        open_generator(sample_shape=(5,))  # is handed on to mlp_generator, beside data_dim


def test_whole_numbers_of_numpy_count_as_pythons():
    network = kg.networks.mlp_generator(data_dim=np.int64(3), width=np.int32(4))
    assert origin_of(network) == origin_of(kg.networks.mlp_generator(data_dim=3, width=4))
