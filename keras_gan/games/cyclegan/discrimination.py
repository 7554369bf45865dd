"""What the discriminators of two domains say of samples, and the export of a generator."""

import keras
import numpy as np

from keras_gan.backend.finite import refuse_broken_weights
from keras_gan.models.translating import DOMAINS, Translating, check_domain
from keras_gan.networks.analysis.scores import mean_scores, scores_of


class TranslationGame(Translating):
    """The part of a game between two domains with a `discriminator_x` and a `discriminator_y`."""

    def discriminator_of(self, domain: str) -> keras.Model:
        """The discriminator of a domain."""
        return {"x": self.discriminator_x, "y": self.discriminator_y}[domain]

    def scores_in(self, domain: str, samples, training: bool = False):
        """The scores of samples by the discriminator of a domain, `(batch, 1)` or of patches."""
        return scores_of(self.discriminator_of(domain)(samples, training=training))

    def adversarial_loss(self, domain: str, fake, real, training: bool):
        """What a generator pays for the scores of its samples, a scalar."""
        of_real, of_fake = self.augmented(real, training, getattr(self, f"augment_{domain}"))
        fake_scores = self.scores_in(domain, of_fake(fake), training)
        paired = self.objective.paired
        real_scores = self.scores_in(domain, of_real(real), training) if paired else None
        return 2.0 * self.objective.generator_loss(fake_scores, real_scores)

    def estimates(self, means: dict) -> dict:
        """The state of either domain's augmentation."""
        domains = [] if self.augment_x is None else DOMAINS
        states = {domain: getattr(self, f"augment_{domain}").present() for domain in domains}
        return {f"{k}_{d}": value for d, state in states.items() for k, value in state.items()}

    def discriminate(self, samples, domain: str = "y", batch_size: int = 64) -> np.ndarray:
        """The scores of samples, float32 array `(n, 1)`; higher is more like the domain.

        Of a discriminator of patches they are the means over patches.

        Args:
            samples: Array `(n, ...)` of the domain's shape; images in [-1, 1].
            domain: `"y"`, the default, or `"x"`.
            batch_size: How many are scored at a time.

        Raises:
            ValueError: For an unknown domain or samples of another shape.
        """
        check_domain(domain)
        samples = self.given_of(samples, domain)

        def score(samples):
            return mean_scores(self.scores_in(domain, samples))

        return self.computed(score, samples, batch_size=batch_size, average=False)

    def export(
        self, filepath, to: str = "y", format="tf_saved_model", average: bool = True, **options
    ) -> None:
        """Exports the generator to a domain, as `keras.Model.export` does.

        Args:
            filepath: Where to.
            to: `"y"`, the default, or `"x"`.
            format: As in `keras.Model.export`.
            average: Whether it has its averaged weights, if there are any.
            **options: As in `keras.Model.export`.

        Raises:
            ValueError: For an unknown domain, or weights that are not finite.
        """
        check_domain(to)
        with self.holding(average):
            generator = self.generator_to(to)
            refuse_broken_weights([generator], "nothing was exported")
            generator.export(filepath, format=format, **options)
