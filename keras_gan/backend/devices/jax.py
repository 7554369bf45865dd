"""JAX's devices: it computes on the default one."""

import jax


def devices(kind: str) -> list:
    """The devices of a kind."""
    try:
        return jax.devices(kind)
    except RuntimeError:  # of a kind that is not there
        return []


def choose(kind: str, device) -> None:
    """Makes a device the default one."""
    jax.config.update("jax_default_device", device)
