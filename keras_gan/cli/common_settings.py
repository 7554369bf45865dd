"""The settings that runs of all families have; those of each family stand with the family."""

from keras_gan.families.entry import ENTRIES, NETWORKS
from keras_gan.families.known import DEFAULT
from keras_gan.families.setting import Setting
from keras_gan.metrics.features import EXTRACTORS


def common_settings() -> dict[str, Setting]:
    """The settings of all families, by name."""
    return {
        "dataset": Setting(
            str,
            "digits",
            "a data set below, any image set of TensorFlow Datasets by its name, a folder "
            "of images, or a .npy or .npz array of images or points",
            names_data=True,
        ),
        "recipe": Setting(str, DEFAULT, "how to train", names=ENTRIES, decides="game"),
        **COMMON,
    }


COMMON = {
    "labels": Setting(
        bool,
        False,
        "train on the data set's class labels, so that samples can be made of a chosen class",
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
        int,
        None,
        "crop and resize images to squares of this side",
        least=1,
        chosen="as they are",
        decides="data",
    ),
    "width": Setting(
        int,
        None,
        "channels of the networks' widest images, or units of the mlp's layers",
        least=1,
        chosen="by data set",
        decides="networks",
    ),
    "latent_dim": Setting(
        int, None, "components of z", least=1, chosen="by data set", decides="networks"
    ),
    "epochs": Setting(
        int, None, "epochs, each of which ends with a picture", least=1, chosen="by data set"
    ),
    "steps_per_epoch": Setting(
        int, None, "training steps an epoch", least=1, chosen="by data set", decides="data"
    ),
    "batch_size": Setting(
        int,
        None,
        "samples a step of one network",
        least=1,
        chosen="by data set",
        decides="data",
    ),
    "learning_rate_schedule": Setting(
        str,
        "constant",
        "what becomes of the learning rates: constant, or a half cosine down to 0",
        names=("constant", "cosine"),
        decides="optimizer",
    ),
    "beta_1": Setting(
        float,
        None,
        "Adam's β₁, of all optimizers",
        least=0,
        below=1,
        chosen="by recipe",
        decides="optimizer",
    ),
    "beta_2": Setting(
        float,
        None,
        "Adam's β₂, of all optimizers",
        least=0,
        below=1,
        chosen="by recipe",
        decides="optimizer",
    ),
    "steps_per_execution": Setting(
        int,
        None,
        "steps in one call of the compiled function; speeds up small networks",
        least=1,
        chosen="by data set",
    ),
    "checkpoint_steps": Setting(
        int,
        500,
        "steps between checkpoints, from which --resume goes on; one is written after every epoch "
        "too",
        least=1,
    ),
    "score_samples": Setting(int, 5000, "samples on either side of the scores, at most", least=2),
    "features": Setting(str, "pixels", "the feature extractor of the scores", names=EXTRACTORS),
    "evaluate_epochs": Setting(
        int,
        0,
        "epochs between scores in training, of which the best game is kept; 0 for none",
        least=0,
    ),
    "seed": Setting(int, 0, "fixes all random numbers", least=0, below=2**32 - 1, decides="seed"),
}
