"""A result is equal to another one of the same figures, also where one of these is NaN."""

import copy
import dataclasses
import inspect
import math
import pickle

import pytest

import keras_gan as kg
from keras_gan.metrics.results import Result

NAMES = [
    name
    for name in dir(kg.metrics)
    if inspect.isclass(getattr(kg.metrics, name)) and issubclass(getattr(kg.metrics, name), Result)
]


def of(name, **given):
    """A result of NaN where there is no other value."""
    result = getattr(kg.metrics, name)
    return result(**{field.name: math.nan for field in dataclasses.fields(result)} | given)


@pytest.mark.parametrize("name", NAMES)
def test_results_of_the_same_figures_are_equal(name):
    result = of(name)
    first = dataclasses.fields(result)[0].name
    for other in (result, of(name), copy.copy(result), pickle.loads(pickle.dumps(result))):
        assert result == other
        assert hash(result) == hash(other)
    assert result in {of(name)}
    for other in (of(name, **{first: 1.0}), of(name, **{first: "NaN"})):
        assert result != other
        assert other != result
    assert result != dataclasses.asdict(result)


def test_all_results_of_the_package_compare_so():
    """Also those to come: whoever makes a dataclass of figures derives it from `Result`."""
    assert len(NAMES) >= 6
    for name in dir(kg.metrics):
        found = getattr(kg.metrics, name)
        if inspect.isclass(found) and dataclasses.is_dataclass(found):
            floats = [
                field for field in dataclasses.fields(found) if field.type in (float, "float")
            ]
            assert not floats or issubclass(found, Result), name
