"""Models of one player, who maximises a likelihood or a bound on it."""

import keras

from keras_gan.models.generative_model import GenerativeModel
from keras_gan.models.player import Player
from keras_gan.parallel.random_numbers import Draws
from keras_gan.training.compile_checks import checked_optimizer
from keras_gan.training.schedules import Schedule

ONLY = "model"  # what the one player is called


class LikelihoodModel(GenerativeModel):
    """A model of one player: `compile` takes one optimizer, and `fit` logs one `loss`.

        loss = Σ of the terms that `losses` returns, each of which is logged beside it

    Every stock callback of Keras works with it as with any `keras.Model`: `EarlyStopping`,
    `ReduceLROnPlateau`, `ModelCheckpoint` and the others may wait for `loss` and `val_loss`.

    A subclass sets its networks as attributes and lists their names in `network_names`, calls
    `begin()`, and defines `sample_shape`, `term_names` and `losses`.

    Args:
        average: The decay β of the averaged networks, e.g. 0.999, or `None` for no average.
        seed: Integer from which every random number of the model follows; `None` takes a random
            one.
        name: The model's name.
    """

    def __init__(self, *, average: float | None = None, seed: int | None = None, name=None):
        super().__init__(average=average, seed=seed, name=name)
        self.schedule = Schedule([(ONLY,)])

    def term_names(self) -> list[str]:
        """The names of the losses that `losses` returns."""
        raise NotImplementedError(f"{type(self).__name__} must define term_names().")

    def losses(self, minibatch, draws: Draws, training: bool) -> tuple[dict, dict]:
        """The terms of the loss, scalars by name, and what else is logged with diagnostics.

        Args:
            minibatch: The samples, or samples and labels.
            draws: The random numbers to use.
            training: Whether the networks run in training mode.
        """
        raise NotImplementedError(f"{type(self).__name__} must define losses().")

    @staticmethod
    def model_optimizer() -> keras.optimizers.Optimizer:
        """The optimizer that `compile` takes when it is given none: Adam(1e-3)."""
        return keras.optimizers.Adam(1e-3)

    def make_players(self) -> list[Player]:
        """The one player, who moves all networks."""
        networks = [getattr(self, name) for name in self.network_names]
        names = self.term_names()
        return [Player(ONLY, networks, self.losses, names, optimizer=self.model_optimizer)]

    def estimates(self, means: dict) -> dict:
        """`loss`, the sum of its terms."""
        names = [*self.term_names(), f"{ONLY}_regularization"]
        return {"loss": sum(means[name] for name in names if name in means)}

    def optimizers_by_player(self) -> dict[str, keras.optimizers.Optimizer]:
        """The one optimizer, once the model is compiled."""
        return {ONLY: self.optimizer}

    def optimizer_argument(self, player: str) -> str:
        """`optimizer`, for there is one."""
        return "optimizer"

    def combined(self, chosen: dict) -> keras.optimizers.Optimizer:
        """The one optimizer, as it is."""
        return chosen[ONLY]

    def compile(
        self,
        optimizer: keras.optimizers.Optimizer | str | None = None,
        *,
        diagnostics: bool = False,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile="auto",
        value_range="auto",
        **others,
    ) -> None:
        """Gives the model its optimizer; its loss is its own.

        Args:
            optimizer: A Keras optimizer or the name of one; `None`, the default, for Adam(1e-3).
            diagnostics: Whether the norm of the gradient is logged, as `model_gradient_norm`.
                Defaults to `False`.
            run_eagerly: As in `keras.Model.compile`.
            steps_per_execution: As in `keras.Model.compile`; 1, after a warning, on many replicas.
            jit_compile: As in `keras.Model.compile`; `False`, after a warning, on many replicas.
            value_range: Where the values of data must lie: a pair (low, high), `None` for
                anywhere, or `"auto"`, the default: points anywhere; series, images, volumes in
                [-1, 1], or anywhere of the order of 1 where the decoder's outputs have no bound.
            **others: Not taken: `loss=` and `metrics=` are refused.

        Raises:
            ValueError: For a loss or metrics, anything that is not an optimizer, or networks that
                were made outside of the strategy's scope.
        """
        if others:
            raise ValueError(
                f"{type(self).__name__} has a loss of its own: leave out "
                f"{', '.join(f'{name}=' for name in sorted(others))}."
            )
        self.compile_players(
            {ONLY: checked_optimizer("optimizer", optimizer)},
            diagnostics=diagnostics,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            value_range=value_range,
        )

    def optimizer_config(self) -> dict:
        """The optimizer, serialized."""
        return {"optimizer": keras.saving.serialize_keras_object(self.optimizer)}

    def compile_from_config(self, config: dict) -> None:
        """Compiles as `get_compile_config` described, so that optimizer states can be loaded."""
        if not config:
            return
        optimizer = keras.saving.deserialize_keras_object(config["optimizer"])
        self.compile(**{**config, "optimizer": optimizer})
