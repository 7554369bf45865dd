"""The flags of `keras-gan train` that all families share; each family adds its own."""

from keras_gan.data.names import PAGES, REFUSE
from keras_gan.families.known import DEFAULT
from keras_gan.families.registry import ENTRIES, NETWORKS
from keras_gan.families.setting import Setting, image_size
from keras_gan.metrics.names import EXTRACTORS


def common_settings() -> dict[str, Setting]:
    """The settings of all families, by name."""
    return {
        "dataset": Setting(
            str,
            "digits",
            "a data set below, any image set of TensorFlow Datasets by its name, a folder, "
            ".zip or LMDB of images, or a .npy, .npz or .h5 file of images or points",
            names_data=True,
        ),
        "recipe": Setting(
            str,
            DEFAULT,
            "the model, and how it is trained",
            names=ENTRIES,
            decides="game",
            other_flag="--model",
        ),
        **COMMON,
    }


class Devices:
    """Names of devices: a kind, with a number after a colon if it is not the first.

    Example:

    >>> "gpu" in Devices(), "gpu:1" in Devices(), "cuda" in Devices()
    (True, True, False)
    """

    kinds = ("cpu", "gpu", "tpu")

    def __contains__(self, text: str) -> bool:
        kind, colon, number = text.partition(":")
        return kind in self.kinds and (not colon or (number.isascii() and number.isdigit()))

    def __iter__(self):
        return iter(self.kinds)


COMMON = {
    "labels": Setting(
        bool,
        False,
        "train on the data set's class labels, to make samples of a chosen class later",
        decides="data",
    ),
    "network": Setting(
        str,
        None,
        "the kind of networks",
        names=NETWORKS,
        chosen="by recipe and data",
        decides="networks",
    ),
    "image_size": Setting(
        image_size,
        None,
        "crop and resize images to N x N pixels, or to HEIGHTxWIDTH",
        chosen="as they are",
        decides="data",
    ),
    "channels": Setting(
        int,
        None,
        "channels of images: 1 makes colour images grey, 3 grey ones colour, 4 keeps alpha",
        names=(1, 3, 4),
        chosen="as they are",
        decides="data",
    ),
    "alpha": Setting(
        str,
        REFUSE,
        "transparency in images: refuse, keep, as the fourth channel, or a colour to lay below",
        decides="data",
    ),
    "pages": Setting(
        str,
        REFUSE,
        "pages and frames of TIFF and GIF: refuse, all, each a sample, or first",
        names=(REFUSE, *PAGES),
        decides="data",
    ),
    "skip_broken": Setting(
        bool, False, "leave out images that cannot be read, and say which", decides="data"
    ),
    "width": Setting(
        int,
        None,
        "channels of the widest feature maps, or units in the layers of the mlp; "
        "--network-width is another name, since beside --height this is the width of images",
        least=1,
        chosen="by data set",
        decides="networks",
    ),
    "latent_dim": Setting(
        int, None, "components of z", least=1, chosen="by data set", decides="networks"
    ),
    "epochs": Setting(int, None, "epochs; each ends with a picture", least=1, chosen="by data set"),
    "steps": Setting(
        int,
        None,
        "training steps in all, in place of --epochs or --steps-per-epoch",
        least=1,
        chosen="epochs times steps per epoch",
    ),
    "steps_per_epoch": Setting(
        int, None, "training steps per epoch", least=1, chosen="by data set", decides="data"
    ),
    "batch_size": Setting(
        int,
        None,
        "samples per step of one network",
        least=1,
        chosen="by data set",
        decides="data",
    ),
    "learning_rate_schedule": Setting(
        str,
        "constant",
        "course of the learning rates: constant, or a half cosine down to 0",
        names=("constant", "cosine"),
        decides="optimizer",
    ),
    "beta_1": Setting(
        float,
        None,
        "Adam's β₁ in all optimizers",
        least=0,
        below=1,
        chosen="by recipe",
        decides="optimizer",
    ),
    "beta_2": Setting(
        float,
        None,
        "Adam's β₂ in all optimizers",
        least=0,
        below=1,
        chosen="by recipe",
        decides="optimizer",
    ),
    "steps_per_execution": Setting(
        int,
        None,
        "steps per call of the compiled function; more of them speed up small networks",
        least=1,
        chosen="by data set",
    ),
    "checkpoint_steps": Setting(
        int,
        500,
        "steps between checkpoints, from which --resume continues; every epoch also ends with one",
        least=1,
    ),
    "log_steps": Setting(
        int,
        0,
        "steps between points of the losses in logs/, beside one an epoch; 0 for none",
        least=0,
    ),
    "score_samples": Setting(int, 5000, "most samples on each side of the scores", least=2),
    "features": Setting(str, "pixels", "the feature extractor for the scores", names=EXTRACTORS),
    "evaluate_epochs": Setting(
        int,
        0,
        "epochs between scores during training; the best model is kept; 0 for no such scores",
        least=0,
    ),
    "precision": Setting(
        str,
        None,
        "in what the networks compute: mixed_bfloat16 and mixed_float16 keep weights in float32",
        names=("float32", "mixed_bfloat16", "mixed_float16"),
        chosen="as Keras is set up, float32",
        decides="networks",
    ),
    "device": Setting(
        str,
        None,
        "what computes: cpu, gpu, or gpu:1 for the second one",
        names=Devices(),
        chosen="all that the backend finds",
    ),
    "seed": Setting(int, 0, "fixes all random numbers", least=0, below=2**32 - 1, decides="seed"),
}
