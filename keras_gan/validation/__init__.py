"""Bad input gets one clear error, before the first step."""

from keras_gan.validation.callbacks import check_callbacks
from keras_gan.validation.compiling import (
    check_compiled,
    check_precision,
    fused_steps,
    optimizers_by_player,
    refuse_weights,
)
from keras_gan.validation.data import (
    check_counts,
    check_data,
    check_finite,
    check_samples,
    checked_seed,
    first_batch,
    in_numpy,
    samples_of,
)
from keras_gan.validation.finite import refuse_broken_samples, refuse_broken_weights
from keras_gan.validation.joint import check_joint_networks
from keras_gan.validation.labels import LabelRange, check_labelled_data, check_parts, labels_of
from keras_gan.validation.networks import (
    check_generator,
    check_networks,
    check_players,
    check_scope,
    check_spectral,
    check_strategy,
    check_trainable,
)
from keras_gan.validation.received import refuse_containers
from keras_gan.validation.scale import checked_value_range, scale_of
from keras_gan.validation.shapes import shapes_agree, shapes_of, single_shape
from keras_gan.validation.storing import check_apart, check_loads, check_registered
from keras_gan.validation.surplus import check_reached, check_weights
from keras_gan.validation.translation import (
    check_alike,
    check_pair,
    check_pairs,
    check_translated,
    check_translation_networks,
    of_domain,
    pair_of,
)

__all__ = [
    "LabelRange",
    "check_alike",
    "check_apart",
    "check_callbacks",
    "check_compiled",
    "check_counts",
    "check_data",
    "check_finite",
    "check_generator",
    "check_joint_networks",
    "check_labelled_data",
    "check_loads",
    "check_networks",
    "check_pair",
    "check_pairs",
    "check_parts",
    "check_players",
    "check_precision",
    "check_reached",
    "check_registered",
    "check_samples",
    "check_scope",
    "check_spectral",
    "check_strategy",
    "check_trainable",
    "check_translated",
    "check_translation_networks",
    "check_weights",
    "checked_seed",
    "checked_value_range",
    "first_batch",
    "fused_steps",
    "in_numpy",
    "labels_of",
    "of_domain",
    "optimizers_by_player",
    "pair_of",
    "refuse_broken_samples",
    "refuse_broken_weights",
    "refuse_containers",
    "refuse_weights",
    "samples_of",
    "scale_of",
    "shapes_agree",
    "shapes_of",
    "single_shape",
]
