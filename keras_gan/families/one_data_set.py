"""Runs on one data set: its samples for training, and real samples for scores."""

import functools

from keras_gan.families.entry import Entry


class OneDataSet(Entry):
    """The part of an entry that opens one data set, and deals it out in batches."""

    def open(self, settings):
        """The training split of the data set."""
        return Sampled(settings)

    def data_facts(self, settings, data):
        """The data set, the number of its samples, and what one is."""
        from keras_gan.families.datasets import in_words

        return {"data": in_words(settings.dataset, data.dataset, data.shape)}

    def batches(self, settings, data):
        """The data in batches of as many minibatches as the model needs in a step."""
        from keras_gan.data import batches

        parts = getattr(settings, "discriminator_steps", None) or 1
        return batches(data.dataset, settings.batch_size, parts, settings.seed).repeat()


class Sampled:
    """The data of a run: samples for training, and real samples for scores.

    Args:
        settings: As in `Entry.open`.

    Raises:
        ValueError: For data that cannot be read.
    """

    def __init__(self, settings):
        from keras_gan.families.datasets import open_dataset

        self.settings = settings
        self.dataset = open_dataset(settings, settings.labels)
        spec = self.dataset.element_spec
        self.shape = tuple((spec[0] if settings.labels else spec).shape)
        self.conditions = None
        if getattr(settings, "conditions", None) is not None:
            import tensorflow as tf

            from keras_gan.families.condition_tables import vectors_of

            self.conditions = vectors_of(settings, int(self.dataset.cardinality()))
            vectors = tf.data.Dataset.from_tensor_slices(self.conditions)
            self.dataset = tf.data.Dataset.zip((self.dataset, vectors))

    @functools.cached_property
    def reference(self):
        """Real samples, as many as the scores need."""
        from keras_gan.families.datasets import open_reference

        return open_reference(self.settings)

    @property
    def class_names(self) -> list[str] | None:
        """What the classes of the data are called, one name each; `None` for numbers alone."""
        from keras_gan.data import class_names

        found = class_names(self.settings.dataset)
        return found if found and len(found) == self.reference.classes else None

    @property
    def classes(self) -> int | None:
        """The number of classes for the networks; `None` without labels.

        Raises:
            ValueError: If there is only one class.
        """
        if not self.settings.labels:
            return None
        if self.reference.classes < 2:
            raise ValueError(
                f"--labels needs data with at least two classes; {self.settings.dataset} has "
                f"{self.reference.classes}."
            )
        return self.reference.classes
