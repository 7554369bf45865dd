"""Where the packages are: each test skips where one is missing, but in CI it fails.

A runner of CI that has no apt and no network says so in `KERAS_GAN_NO_PACKAGES`, and skips, too.
"""

import os
import pathlib

import pytest

from keras_gan import data


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    """One cache of rendered sets for all processes of the tests, apart from the user's."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "keras_home"


@pytest.fixture(autouse=True)
def own_cache(cache, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(cache))


@pytest.fixture
def real(own_cache):
    """Loads a collection from real packages."""

    def load(name, *args, **options):
        try:
            return data.collection(name, *args, **options)
        except ValueError as error:
            if "apt-get" not in str(error) and "pip install" not in str(error):
                raise
            reason = os.environ.get("KERAS_GAN_NO_PACKAGES")
            refuse = pytest.fail if os.environ.get("CI") and not reason else pytest.skip
            return refuse(reason or str(error))

    return load


@pytest.fixture
def nothing(tmp_path, monkeypatch):
    """A system without any package."""
    from keras_gan.data.packaged import places

    root = tmp_path / "nothing"
    root.mkdir()
    monkeypatch.setattr(places, "SYSTEM", pathlib.Path(root))
    monkeypatch.delenv(places.VARIABLE, raising=False)
    return root
