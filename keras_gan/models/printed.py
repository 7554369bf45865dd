"""The printed form of models and presets: what they are, a line each."""

import itertools
import math

import keras

from keras_gan.backend.shapes import shapes_of
from keras_gan.distributions.distribution import Distribution
from keras_gan.texts import in_short, shortened

KINDS = {1: "points", 2: "series", 3: "images", 4: "volumes"}
LONGEST = 110  # characters of one fact


def printed(heading: str, facts: dict[str, str]) -> str:
    """A heading and facts in a column below it.

    Args:
        heading: The first line.
        facts: Texts by the names before them.

    Example:

    >>> print(printed("GAN", {"objective": "Hinge()", "average": "0.999"}))
    GAN
      objective  Hinge()
      average    0.999
    """
    width = max(map(len, facts), default=0)
    return "\n".join(
        [heading, *(f"  {name:<{width}}  {shortened(t, LONGEST)}" for name, t in facts.items())]
    )


def printed_model(model) -> str:
    """A model as its `repr`: networks, what it minimises, who moves when, how far it has trained.

    Args:
        model: A `GenerativeModel`, as far as it is made.
    """
    facts = {**network_facts(networks_of(model)), **part_facts(model), **training_facts(model)}
    return printed(f"{type(model).__name__} of {samples_in_words(model)}", facts)


def networks_of(model) -> dict[str, keras.layers.Layer]:
    """The networks of a model by their roles."""
    return {name: getattr(model, name) for name in model.network_names}


def samples_in_words(model) -> str:
    """What one sample of a model is.

    >>> import keras_gan as kg
    >>> samples_in_words(kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator()))
    'points (2,)'
    """
    shape = model.sample_shape
    if any(isinstance(part, tuple) for part in shape):  # of two domains
        return " and ".join(map(shape_in_words, shape))
    return shape_in_words(shape)


def shape_in_words(shape: tuple) -> str:
    """The shape of a sample with the kind of thing that has it."""
    return f"{KINDS.get(len(shape), 'samples')} {tuple(shape)}"


def network_facts(networks: dict[str, keras.layers.Layer]) -> dict[str, str]:
    """The number of parameters of networks, and the shapes they go between, by role."""
    return {role: f"{_parameters(each)}{_between(each)}" for role, each in networks.items()}


def _parameters(network) -> str:
    """The number of a network's parameters, in words."""
    return f"{sum(math.prod(weight.shape) for weight in network.weights):,} parameters"


def _between(network) -> str:
    """From which shapes a network goes to which, without the batch; nothing of a layer."""
    if not isinstance(network, keras.Model):
        return ""
    try:
        ends = network.input_shape, network.output_shape
    except AttributeError:  # of a subclassed model that has seen no symbolic input
        return ""
    inputs, outputs = ([str(tuple(s[1:])) for s in shapes_of(end)] for end in ends)
    between = f", {' and '.join(inputs)} to {' and '.join(outputs)}"
    return between.replace(" and ()", " and a label")


def part_facts(model) -> dict[str, str]:
    """What a model is made of besides its networks: objective, penalties, schedule, …, in words."""
    facts = {}
    for name in ("objective", "constraint", "augment", "likelihood", "top_k"):
        part = getattr(model, name, None)
        if part is not None:
            facts[name] = in_short(part, LONGEST)
    if hasattr(model, "penalties"):
        facts["penalties"] = ", ".join(map(_penalty_in_words, model.penalties)) or "none"
    prior = getattr(model, "prior", None)
    if prior is not None:
        facts["latents"] = f"{getattr(model, 'latent_dim', '?')} numbers, {prior_in_words(prior)}"
    moves = getattr(getattr(model, "schedule", None), "moves", ())
    if len(moves) > 1 or any(len(players) > 1 for players in moves):
        facts["schedule"] = moves_in_words(moves)
    if getattr(model, "decay", None) is not None:
        facts["average"] = in_short(model.decay)
    if getattr(model, "conditional", False):
        classes = getattr(model, "classes", None)
        facts["labels"] = "condition vectors" if classes is None else f"{classes} classes"
    return facts


def _penalty_in_words(penalty) -> str:
    """A penalty with its weight, which a `repr` leaves out where it is the default."""
    weight = penalty.weight
    number = f"{weight:g}" if isinstance(weight, (int, float)) else in_short(weight)
    return f"{type(penalty).__name__} of weight {number}"


def prior_in_words(prior) -> str:
    """A distribution of latent vectors as it is called, or a user's function by its name."""
    return in_short(prior) if isinstance(prior, Distribution) else prior.__name__


def moves_in_words(moves) -> str:
    """Who moves when in one step.

    >>> moves_in_words([("discriminator",)] * 5 + [("generator",)])
    '5 × discriminator, then generator'
    >>> moves_in_words([("discriminator", "generator")])
    'discriminator and generator together'
    """
    said = []
    for players, same in itertools.groupby(moves):
        count, together = len(list(same)), " and ".join(players)
        said.append(f"{f'{count} × ' if count > 1 else ''}{together}")
        said[-1] += " together" if len(players) > 1 else ""
    return ", then ".join(said)


def training_facts(model) -> dict[str, str]:
    """The optimizers of a compiled model, and how many updates each has made."""
    if not getattr(model, "compiled", False):
        return {"optimizers": "none before compile()"}
    facts = {}
    for player, optimizer in model.optimizers_by_player().items():
        inner = getattr(optimizer, "inner_optimizer", optimizer)  # of a loss scale
        rate, done = float(inner.learning_rate), int(inner.iterations)
        name = "optimizer" if player == "model" else f"{player} by"
        facts[name] = f"{type(inner).__name__}, learning rate {rate:.4g}"
        facts[name] += f", {done:,} updates made" if done else ""
    return facts
