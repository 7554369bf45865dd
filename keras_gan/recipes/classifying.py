"""What recipes share whose discriminator also says the class of a sample."""

import dataclasses

import keras

from keras_gan import objectives
from keras_gan.arguments import amount
from keras_gan.backend.shapes import shapes_of
from keras_gan.games.gan.gan import GAN
from keras_gan.networks.analysis.hidden import hidden_of
from keras_gan.networks.checks import check_built, check_generator
from keras_gan.networks.class_labels import classes_of, limit_of, takes_labels
from keras_gan.objectives.classification import accuracy
from keras_gan.recipes.recipe import Recipe, refuse_packing

HEADS = {  # outputs beside the scores, and the builders' argument for them
    1: ("classifier", "[scores, class logits], with logits of shape (batch, classes)"),
    2: (
        "proxies",
        "[scores, cosines, embeddings], with cosines of shape (batch, classes) and unit embeddings "
        "of shape (batch, d)",
    ),
}


class Classifying(Recipe):
    """A recipe whose D takes samples alone, and returns scores and what it knows of classes.

    A subclass says how many `heads` D has besides the scores, and what `classification_loss` is.

    Args:
        generator: As in `GAN`, with labels.
        discriminator: D, without labels.
        own: The settings that the class has beside those of `GAN`.
        options: As in `Recipe`.
        objective: As in `GAN`, of scores alone.
        **picks: As in `Recipe`.

    Raises:
        ValueError: For networks without labels or heads, and as `GAN`.
    """

    heads = 1
    own_names = ("classification_weight",)

    def __init__(self, generator, discriminator, own: dict, options: dict, *, objective, **picks):
        name = type(self).__name__
        refuse_packing(name, options, "says the class of each sample")
        check_labelled(name, generator, discriminator, self.heads)
        objective = objectives.of_scores(objective, name)
        super().__init__(generator, discriminator, options, objective=objective, **picks)
        self._take(**own)

    def _take(self, classification_weight: float) -> None:
        """Keeps what `GAN` has no argument for."""
        self.classes = self.label_limit = self.discriminator.output_shape[1][-1]
        self.classification_weight = amount("classification_weight", classification_weight, least=0)

    def classification_loss(self, outputs, labels):
        """What a minibatch costs whose classes D does not see, in nats a sample, unweighted.

        Args:
            outputs: What D returns.
            labels: Integers `(batch,)`.
        """
        raise NotImplementedError

    def terms_of_discriminator(self) -> tuple[str, ...]:
        """The names of the classification losses that D pays."""
        return ("real_classification_loss",)

    def make_players(self):
        """The players of `GAN`, with their classification losses and accuracies."""
        judge, maker = super().make_players()
        accuracies = "real_class_accuracy", "fake_class_accuracy"
        judge = dataclasses.replace(
            judge,
            loss_names=[*judge.loss_names, *self.terms_of_discriminator()],
            observation_names=[*judge.observation_names, *accuracies],
        )
        names = [*maker.loss_names, "generator_classification_loss"]
        return [judge, dataclasses.replace(maker, loss_names=names)]

    def judged_inputs(self, samples, labels):
        """The samples: D is not told their classes."""
        return samples

    def further_losses(self, judge, labels, draws, training) -> tuple[dict, dict]:
        """The weighted classification losses, and the shares of classes that D says rightly."""
        outputs = {
            "real": judge.known_outputs(judge.real),
            "fake": judge.known_outputs(judge.fake),
        }
        losses = {
            name: self.weighted_loss(outputs[name.split("_")[0]], labels)
            for name in self.terms_of_discriminator()
        }
        if not self.diagnostics:
            return losses, {}
        return losses, {
            f"{name}_class_accuracy": accuracy(each[1], labels) for name, each in outputs.items()
        }

    def further_generator_losses(self, outputs, labels) -> dict:
        """The weighted classification loss of fakes."""
        return {"generator_classification_loss": self.weighted_loss(outputs, labels)}

    def weighted_loss(self, outputs, labels):
        """The weight times `classification_loss`."""
        return self.classification_weight * self.classification_loss(outputs, labels)

    def scores(self, inputs, training: bool = False):
        """D of samples x, or of pairs [x, labels], of which it sees x."""
        is_pair = isinstance(inputs, (list, tuple))
        return super().scores(inputs[0] if is_pair else inputs, training)

    def labels_beside(self, labels, n: int, role: str, what: str = "sample") -> list:
        """As of any model; but D takes no labels, which are checked and left out where given."""
        if role != "discriminator":
            return super().labels_beside(labels, n, role, what)
        if labels is not None:
            self.chosen(labels, n)
        return []

    def classify(self, samples, batch_size: int = 256):
        """The classes that D sees in samples, those of the greatest logits or cosines.

        Args:
            samples: Array `(n, ...)` of the data's shape; images in [-1, 1].
            batch_size: How many at a time.

        Returns:
            int32 array `(n,)`.

        Raises:
            ValueError: For samples of another shape.
        """

        def logits(samples):
            return self.discriminator(samples, training=False)[1]

        found = self.computed(logits, self.given(samples), batch_size=batch_size, average=False)
        return found.argmax(axis=-1).astype("int32")

    def hidden(self) -> keras.Model:
        """The network to what the last layer of the scores sees."""
        return hidden_of(keras.Model(self.discriminator.inputs, self.discriminator.outputs[0]))

    def settings(self) -> dict:
        """The picks of a `GAN`, and its own."""
        return {**{name: getattr(self, name) for name in self.own_names}, **super().settings()}

    @classmethod
    def from_config(cls, config: dict, custom_objects=None) -> "Classifying":
        """Builds the recipe from the picks that `get_config` returned."""
        own = {name: config[name] for name in cls.own_names}
        rest = {name: value for name, value in config.items() if name not in cls.own_names}
        gan = cls.__new__(cls)
        GAN.__init__(gan, **GAN.restored(rest, custom_objects))
        gan._take(**own)
        return gan


def check_labelled(game: str, generator, discriminator, heads: int) -> None:
    """Refuses networks of which G takes no labels, or D does not say the class of samples.

    Args:
        game: The name of the recipe, for the messages.
        generator: What was received.
        discriminator: What was received.
        heads: How many outputs D must have beside the scores.

    Raises:
        ValueError: Says what is missing, and how to build it.
    """
    check_generator(generator)
    check_built("discriminator", discriminator)
    if not takes_labels(generator):
        raise ValueError(
            f"{game} makes samples of classes, so its generator must take class labels; this one "
            f"takes inputs of shape {generator.input_shape}: build it with classes=…."
        )
    conditioning, wanted = HEADS[heads]
    shapes = shapes_of(discriminator.output_shape)
    fits = len(shapes) == 1 + heads and all(len(shape) == 2 for shape in shapes[1:])
    if not fits or len(shapes_of(discriminator.input_shape)) != 1 or (shapes[1][1] or 0) < 2:
        raise ValueError(
            f"{game} needs a discriminator of samples alone that returns {wanted}; this one goes "
            f"from {discriminator.input_shape} to {discriminator.output_shape}: build it with "
            f"kg.networks and classes=…, conditioning={conditioning!r}."
        )
    known, limit, said = classes_of(generator), limit_of(generator), shapes[1][1]
    if known not in (None, said) or (limit is not None and limit < said):
        raise ValueError(
            f"The generator knows {known or limit} classes, the discriminator {said}: build both "
            f"with the same number."
        )
