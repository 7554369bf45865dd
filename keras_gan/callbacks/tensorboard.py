"""TensorBoard scalars of a model."""

import keras


class TensorBoard(keras.callbacks.TensorBoard):
    """`keras.callbacks.TensorBoard` that logs the learning rate of every player.

    Keras's own logs only one rate. If a run continues from a `Checkpoint` after a crash, it writes
    the steps since that checkpoint again, into another event file.

    Args:
        log_dir: The TensorBoard folder. Defaults to `"logs"`.
        write_graph: Whether to write the graph. Defaults to `False`, unlike Keras's own.
        **options: As in `keras.callbacks.TensorBoard`.

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
        """Adds each `<player>_learning_rate`, instead of Keras's `learning_rate`."""
        for player, optimizer in self.model.optimizers_by_player().items():
            rate = keras.ops.convert_to_numpy(optimizer.learning_rate)
            logs[f"{player}_learning_rate"] = float(rate)
        return logs
