"""TensorBoard scalars of a game."""

import keras


class TensorBoard(keras.callbacks.TensorBoard):
    """`keras.callbacks.TensorBoard` that logs the learning rate of every player.

    Keras's own takes the model's one optimizer for a single player's and would draw a learning rate
    of 0. After a crash, a run that goes on from a `Checkpoint` writes the steps since then a second
    time, into a further event file.

    Args:
        log_dir: The TensorBoard folder.
        **options: As in `keras.callbacks.TensorBoard`, whose `write_graph` is off by default here.

    Example:

    >>> import keras_gan as kg, numpy as np, tempfile
    >>> gan = kg.GAN(kg.networks.mlp_generator(), kg.networks.mlp_discriminator(), seed=0)
    >>> gan.compile()
    >>> x = np.random.normal(size=(64, 2))
    >>> history = gan.fit(x, verbose=0, callbacks=[TensorBoard(tempfile.mkdtemp())])
    """

    def __init__(self, log_dir: str = "logs", write_graph: bool = False, **options):
        super().__init__(log_dir=log_dir, write_graph=write_graph, **options)

    def _collect_learning_rate(self, logs):
        """Adds `<player>_learning_rate` where Keras adds `learning_rate`."""
        for player, optimizer in self.model.optimizers_by_player().items():
            rate = keras.ops.convert_to_numpy(optimizer.learning_rate)
            logs[f"{player}_learning_rate"] = float(rate)
        return logs
