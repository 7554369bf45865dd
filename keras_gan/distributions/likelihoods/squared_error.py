"""The squared error, in the place of a likelihood."""

from keras import ops

from keras_gan.backend.configured import register
from keras_gan.distributions.likelihoods.likelihood import Likelihood


@register
class SquaredError(Likelihood):
    """−‖x − m(z)‖² in the place of log p(x|z), of which it is no density: what autoencoders take.

    Example:

    >>> x = ops.convert_to_tensor([[1.0, 2.0]])
    >>> float(SquaredError().log_density(x, ops.zeros((1, 2)))[0])
    -5.0
    """

    def component_terms(self, x, parameters):
        """Returns −(x − m)² of each component."""
        return -ops.square(x - parameters)

    def parameters_of(self, mean):
        """Returns the mean."""
        return mean

    def mean(self, parameters):
        """Returns the decoder's output."""
        return parameters
